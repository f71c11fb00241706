// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A request that fails in the middle, with blocks on the heap and frames on the stack of C.

#include <mini_alloc.h>

void *malloc(size_t size);

// Where the stack of C is.
__attribute__((export_name("stack"))) uintptr_t stack(void) {
  volatile char here = 0;
  return (uintptr_t)&here;
}

__attribute__((export_name("trap"))) void trap(size_t depth) {
  volatile char frame[512];
  volatile unsigned char *block = malloc(1000);
  for (int i = 0; i < 512; i++)
    frame[i] = 1;
  for (int i = 0; i < 1000; i++)
    block[i] = 1;
  if (depth == 0) __builtin_trap();
  trap(depth - 1);
  frame[0] = 0;
}
