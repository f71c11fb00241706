// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A program for every way to build: it allocates until memory has grown several times (or, with
// FIXED_MEMORY, until there is none), checks every byte it was given and every byte it wrote, and
// prints in between, which fails if Emscripten's JavaScript has not been told of a growth.

#include <errno.h>
#include <mini_alloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../helpers/check.h"

enum { BLOCKS = 3000 };

static unsigned char *blocks[BLOCKS];
static size_t sizes[BLOCKS];

static uint32_t random_state = 12345;
static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525 + 1013904223;
  return (random_state >> 8) % limit;
}

static int holds_only(const unsigned char *bytes, size_t size, unsigned char value) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != value) return 0;
  }
  return 1;
}

static unsigned char pattern(int i) {
  return (unsigned char)(i % 255 + 1);
}

// The i-th block, from a function that depends on i; *zero tells whether it must be zero.
static unsigned char *request(int i, size_t size, int *zero) {
  *zero = 1;
  switch (i % 6) {
    case 0:
      return calloc(size, 1);
    case 1:
      return mini_alloc(size, 1);
    case 2:
      return aligned_alloc(64, size);
#ifndef FIXED_MEMORY  // there malloc has taken everything, and leaves nothing to sbrk
    case 3:
      return sbrk((intptr_t)size);
#endif
    case 4:
      *zero = 0;
      return realloc(blocks[i - 1 - i % 3], size);
    default:
      return malloc(size);
  }
}

int main(void) {
  int got_all = 1, all_zero = 1, all_kept = 1, made = 0;
  size_t total = 0;
  for (; made < BLOCKS; made++) {
    size_t size = 1 + random_below(made % 50 == 0 ? 300000 : 20000);
    int zero;
    unsigned char *block = request(made, size, &zero);
    if (block == NULL || block == (unsigned char *)-1) {
      got_all = 0;
      break;
    }
    all_zero &= !zero || holds_only(block, size, 0);
    memset(block, pattern(made), size);
    blocks[made] = block;
    sizes[made] = size;
    total += size;
    if (made % 500 == 0) printf("%d blocks\n", made);
  }
  for (int i = 0; i < made; i++)
    all_kept &= holds_only(blocks[i], sizes[i], pattern(i));
  CHECK("memory that was not written before is zero", all_zero);
  CHECK("every block keeps what was written", all_kept);
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  CHECK("the blocks lie in our heap", info.limit - info.base >= total);
#ifdef FIXED_MEMORY
  CHECK("memory ends", !got_all && errno == ENOMEM && made > 100);
#else
  CHECK("memory is had by growing", got_all && total > 30000000);
#endif
  int chars = 0;
  for (int i = 0; i < made; i++) {
    free(blocks[i]);
    char text[32];
    chars += snprintf(text, sizeof text, "%d %zu\n", i, sizes[i]);
  }
  CHECK("printf works on after growth", chars > made * 4);
  return checks_done();
}
