// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Fills MEGABYTES of memory to the end, in blocks of 8 MiB with small ones between them: the first
// and the last page of each large block holds a pattern, all of a small one. The pages between are
// never touched, so that the machine need not have them.

#include <errno.h>

#define WITHOUT_SBRK  // who interleaves its blocks with malloc's cuts memory into pieces
#include "../../workload.h"

#define MIB ((size_t)1 << 20)

enum { LARGE = 8 << 20, EDGE = 65536 };

static unsigned char *large[MEGABYTES / 8 + 1];
static struct workload small;

static struct workload_block edge(int i, size_t offset) {
  return (struct workload_block){large[i] + offset, EDGE, (uint32_t)(2 * i + (offset != 0)), 1};
}

static unsigned char *ask(size_t size) {
  return (unsigned char *)workload_opaque(malloc(size));
}

int main(void) {
  int count = 0, zero = 1, kept = 1, apart = 1;
  while (count < MEGABYTES / 8 && (large[count] = ask(LARGE)) != NULL) {
#ifdef WITH_MINI_ALLOC
    zero &= workload_is_zero(edge(count, 0).at, EDGE);
    zero &= workload_is_zero(edge(count, LARGE - EDGE).at, EDGE);
#endif
    workload_write(edge(count, 0));
    workload_write(edge(count, LARGE - EDGE));
    count++;
    if (count % 16 == 0) workload_allocate(&small, 50000);
  }
  int refused = large[count] == NULL && errno == ENOMEM;
  printf("%d MiB in large blocks\n", count * 8);
  for (int i = 0; i < count; i++) {
    kept &= workload_holds(edge(i, 0), EDGE) && workload_holds(edge(i, LARGE - EDGE), EDGE);
    if (i > 0) apart &= large[i] >= large[i - 1] + LARGE;
  }
  workload_verify(&small);
  CHECK("memory ends, with NULL and ENOMEM", refused);
  CHECK("all but the last of it was had", (size_t)count * LARGE > MEGABYTES * MIB - 32 * MIB);
  CHECK("the large blocks were zero, if they had to be", zero);
  CHECK("the large blocks keep what was written at both ends", kept);
  CHECK("the large blocks do not overlap", apart);
  CHECK("small blocks between them are had", !small.refused);
  workload_report(&small, "small blocks");
  return checks_done();
}
