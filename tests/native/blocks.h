// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A list of live blocks [start, end), each full of a pattern of its own. The one oracle of all
// native tests and of the fuzzer: two blocks overlap, or a byte changes, and it is seen here.
#ifndef NATIVE_BLOCKS_H
#define NATIVE_BLOCKS_H

#include "heap.h"

enum { MOST_BLOCKS = 4096 };

// Of a block larger than this, only the first and the last bytes are written and verified.
enum { EDGE_BYTES = 4096 };
static const uint64_t WHOLE = 64 * 1024, EDGE = EDGE_BYTES;

typedef struct block {
  uint64_t start, end;
  unsigned seed;
  bool others;  // from sbrk
} block;

typedef struct blocks {
  size_t count;
  unsigned seeds;
  uint64_t dirty;  // the highest end of any block so far
  block at[MOST_BLOCKS];
} blocks;

static unsigned char *byte_at(uint64_t at) {
  return (unsigned char *)(uintptr_t)at;
}

static inline bool overlaps(const blocks *list, uint64_t start, uint64_t end) {
  for (size_t i = 0; i < list->count; i++) {
    if (start < list->at[i].end && list->at[i].start < end) return true;
  }
  return false;
}

// The block that starts there, or NULL.
static inline block *contains(blocks *list, uint64_t start) {
  for (size_t i = 0; i < list->count; i++) {
    if (list->at[i].start == start) return &list->at[i];
  }
  return NULL;
}

// The bytes of a block are a piece of this, over and over, from where its seed says. Never 0, which
// is what fresh memory is full of.
enum { PERIOD = 128 };
static unsigned char ramp[EDGE_BYTES + PERIOD];

static const unsigned char *pattern(const block *b) {
  if (ramp[0] == 0) {
    for (unsigned i = 0; i < sizeof ramp; i++)
      ramp[i] = (unsigned char)(i * 6 | 1);
  }
  return ramp + b->seed * 37 % PERIOD;
}

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

// `from` is a multiple of PERIOD.
static bool same_bytes(const block *b, uint64_t where, uint64_t from, uint64_t to) {
  for (uint64_t i = from; i < to; i += EDGE) {
    if (memcmp(byte_at(where + i), pattern(b), least(EDGE, to - i)) != 0) return false;
  }
  return true;
}

static void write_bytes(const block *b, uint64_t from, uint64_t to) {
  for (uint64_t i = from; i < to; i += EDGE)
    memcpy(byte_at(b->start + i), pattern(b), least(EDGE, to - i));
}

// Where the last bytes begin that are written of a large block.
static uint64_t tail_of(uint64_t size) {
  return (size - EDGE) & -(uint64_t)PERIOD;
}

// Are the first `size` bytes of `b`, or all if it has fewer, to be found at `where`?
static bool holds(const block *b, uint64_t where, uint64_t size) {
  uint64_t whole = b->end - b->start, to = least(size, whole);
  if (whole <= WHOLE) return same_bytes(b, where, 0, to);
  return same_bytes(b, where, 0, least(to, EDGE)) && same_bytes(b, where, tail_of(whole), to);
}

static bool intact(const block *b) {
  return holds(b, b->start, b->end - b->start);
}

static inline bool all_intact(const blocks *list) {
  for (size_t i = 0; i < list->count; i++) {
    if (!intact(&list->at[i])) return false;
  }
  return true;
}

// Notes a block, and writes its pattern. Of no bytes, or more than the list holds: not noted.
static inline void note(blocks *list, uint64_t start, uint64_t size, bool others) {
  if (size == 0 || list->count == MOST_BLOCKS) return;
  block *b = &list->at[list->count++];
  *b = (block){start, start + size, list->seeds++, others};
  if (list->dirty < b->end) list->dirty = b->end;
  write_bytes(b, 0, size <= WHOLE ? size : EDGE);
  if (size > WHOLE) write_bytes(b, tail_of(size), size);
}

static inline void forget(blocks *list, block *b) {
  *b = list->at[--list->count];
}

// Is what was just given out zero? Of large blocks, the edges.
static inline bool fresh_zero(uint64_t start, uint64_t size) {
  if (size <= 16 * WHOLE) return all_zero(start, start + size);
  return all_zero(start, start + WHOLE) && all_zero(start + size - WHOLE, start + size);
}

#endif
