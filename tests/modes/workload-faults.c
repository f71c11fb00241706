// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The workload must see what an allocator does wrong: here a malloc of our own does it, natively.
// FAULT: none, damage (one bit of one block flips), overlap, misalign, dirty (calloc's last byte is
// not zero), shortcopy (realloc loses the last byte), refuse.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARENA = 64 << 20 };
static _Alignas(4096) unsigned char arena[ARENA];
static size_t used;
static int requests;

enum fault { none, damage, overlap, misalign, dirty, shortcopy, refuse };

static void *bump(size_t align, size_t size) {
  used = (used + align - 1) & ~(align - 1);
  requests++;
  if (FAULT == refuse && requests == 900) return NULL;
  if (FAULT == overlap && requests == 900) used -= 16;
  if (FAULT == damage && requests == 900) arena[used / 2] ^= 1;
  unsigned char *at = arena + used + (FAULT == misalign && requests == 900 ? 4 : 0);
  used += size + (FAULT == misalign ? 4 : 0);
  return used > ARENA ? NULL : at;
}

static void *test_malloc(size_t size) {
  return bump(8, size);
}
static void *test_calloc(size_t count, size_t size) {
  unsigned char *at = (unsigned char *)bump(8, count * size);
  if (FAULT == dirty && requests > 900 && at) at[count * size - 1] = 1;
  return at;
}
static void *test_realloc(void *old, size_t size) {
  unsigned char *at = (unsigned char *)bump(8, size);
  size_t most = old && at ? (size_t)(at - (unsigned char *)old) : 0;
  size_t lost = FAULT == shortcopy ? 1 : 0;
  for (size_t i = 0; i < most && i + lost < size; i++)
    at[i] = ((unsigned char *)old)[i];
  return at;
}
static void *test_aligned_alloc(size_t align, size_t size) {
  return bump(align, size);
}
static int test_posix_memalign(void **out, size_t align, size_t size) {
  return (*out = bump(align, size)) == NULL;
}

#define WITHOUT_SBRK
#define malloc test_malloc
#define calloc test_calloc
#define realloc test_realloc
#define aligned_alloc test_aligned_alloc
#define posix_memalign test_posix_memalign
#define free(block) ((void)(block))
#include "workload.h"

static struct workload work;

int main(void) {
  workload_allocate(&work, 16000000);
  workload_verify(&work);
  printf("refused %d dirty %d misaligned %d overlapping %d damaged %d\n", work.refused, work.dirty,
         work.misaligned, work.overlapping, work.damaged);
  workload_report(&work, "the blocks");
  return checks_done();
}
