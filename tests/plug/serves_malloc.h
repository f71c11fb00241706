// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Checks that the malloc of this program is mini_alloc, which a program that links and runs does
// not prove: Emscripten's own malloc may have been linked in its place.
#ifndef SERVES_MALLOC_H
#define SERVES_MALLOC_H

#include <mini_alloc.h>
#include <stdlib.h>

#include "../helpers/check.h"

static inline void check_mini_alloc_serves_malloc(void) {
  mini_alloc_info before, after;
  mini_alloc_get_info(&before);
  char *volatile block = (char *)malloc(100);
  mini_alloc_get_info(&after);
  uintptr_t at = (uintptr_t)block;

  CHECK("malloc moves the bump pointer to the end of its block", after.bump == at + 100);
  CHECK("the block starts at the bump pointer of before, or past it", at >= before.bump);
  CHECK("the block lies above the heap base", before.base != 0 && at >= before.base);

  free(block);
  char *volatile next = (char *)malloc(100);
  CHECK("free gives nothing back", (uintptr_t)next >= at + 100);

  char *volatile zeroed = (char *)calloc(10, 10);
  mini_alloc_get_info(&after);
  CHECK("calloc comes from there too", after.bump == (uintptr_t)zeroed + 100);
}

#endif
