// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Blocks allocated in between another library's own, and watched: calloc must return zeros, realloc
// must keep what was there, and nobody else may write to them. Each thread watches its own.
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCKS_HELD 64

typedef struct watched_block {
  unsigned char *bytes;
  size_t size;
  unsigned pattern;
} watched_block;

#ifdef _REENTRANT
#define BLOCKS_STATE static __thread
#else
#define BLOCKS_STATE static
#endif

BLOCKS_STATE watched_block blocks_held[BLOCKS_HELD];
BLOCKS_STATE unsigned blocks_made, blocks_dirty, blocks_damaged, blocks_refused;
BLOCKS_STATE unsigned blocks_owner;  // a number for each thread, so that no two write the same

static inline unsigned char blocks_byte(unsigned pattern, size_t at) {
  return (unsigned char)(pattern * 37u + at * 11u + (at >> 8) + 1u);
}

static inline void blocks_fill(watched_block *b, size_t from) {
  for (size_t i = from; i < b->size; i++)
    b->bytes[i] = blocks_byte(b->pattern, i);
}

static inline void blocks_verify(const watched_block *b, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (b->bytes[i] != blocks_byte(b->pattern, i)) {
      blocks_damaged++;
      return;
    }
  }
}

static inline void blocks_resize(watched_block *b, size_t size) {
  unsigned char *bytes = (unsigned char *)realloc(b->bytes, size);
  if (!bytes) {
    blocks_refused++;
    return;
  }
  size_t before = b->size;
  b->bytes = bytes;
  b->size = size;
  blocks_verify(b, before < size ? before : size);
  blocks_fill(b, before);
}

static inline void blocks_replace(watched_block *b, size_t size) {
  blocks_verify(b, b->size);
  free(b->bytes);
  b->bytes = (unsigned char *)calloc(size / 8, 8);
  b->size = size / 8 * 8;
  b->pattern = blocks_made + blocks_owner * 101u;
  if (!b->bytes) {
    blocks_refused++;
    b->size = 0;
    return;
  }
  for (size_t i = 0; i < b->size; i++) {
    if (b->bytes[i] != 0) {
      blocks_dirty++;
      break;
    }
  }
  blocks_fill(b, 0);
}

// One step: a block grows by half, or shrinks to a third, or does the one and then the other; then
// another one is freed, and a zeroed one of 1,000 to 200,000 bytes put in its place: where the
// first one has just been, in a bump allocator. In the form of SQLite's progress handler; returns 0
// to go on.
static inline int blocks_interleave(void *unused) {
  (void)unused;
  unsigned n = ++blocks_made;
  watched_block *resized = &blocks_held[n * 7 % BLOCKS_HELD];
  size_t size = resized->size;
  if (size > 0 && n % 3 != 0) blocks_resize(resized, size + size / 2);
  if (size > 0 && n % 3 != 1) blocks_resize(resized, size / 3 + 1);
  blocks_replace(&blocks_held[n % BLOCKS_HELD], 1000 + n * 7919 % 199000);
  return 0;
}

// Looks at every block once more, and returns how much has gone wrong since the start.
static inline unsigned blocks_check(void) {
  for (int i = 0; i < BLOCKS_HELD; i++)
    blocks_verify(&blocks_held[i], blocks_held[i].size);
  return blocks_dirty + blocks_damaged + blocks_refused;
}

// The same, printed; returns whether all is well.
static inline int blocks_report(void) {
  unsigned wrong = blocks_check();
  printf("blocks: %u made, %u not zero, %u damaged, %u refused\n", blocks_made, blocks_dirty,
         blocks_damaged, blocks_refused);
  return wrong == 0;
}

#endif
