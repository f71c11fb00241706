// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What threads were given, gathered at the end.
#ifndef WASM_BLOCKS_H
#define WASM_BLOCKS_H

#include <stddef.h>
#include <stdlib.h>

typedef struct block {
  unsigned char *at;
  size_t size;
  unsigned char value;
} block;

static int by_address(const void *left, const void *right) {
  const block *a = left, *b = right;
  return a->at < b->at ? -1 : a->at > b->at;
}

// Do any two of them? Sorts them.
static int overlap(block *all, size_t count) {
  qsort(all, count, sizeof *all, by_address);
  for (size_t i = 1; i < count; i++) {
    if (all[i - 1].at + all[i - 1].size > all[i].at) return 1;
  }
  return 0;
}

#endif
