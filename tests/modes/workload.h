// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A checking workload, for every allocator, for C and C++, and for each thread one. Blocks from the
// whole malloc family, of all sizes; every byte of each holds a pattern of the block's number and
// the byte's place; some are freed, and some realloc'ed, on the way. What must be zero is read
// before it is written. workload_verify reads every byte of every block that lives.
//
//   static struct workload work;         (40 KB; zeroed)
//   workload_allocate(&work, 20000000);  asks for so many bytes more; may be called again
//   workload_verify(&work);
//   workload_report(&work, "all");       CHECKs, by tests/helpers/check.h; not from two threads
//   workload_free(&work);
//
// Defines: WITH_MINI_ALLOC, if the allocator is ours: fresh memory is checked to be zero whoever
// gave it, and mini_alloc is called too. WITHOUT_SBRK, if nobody but malloc may move the break.
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef WITH_MINI_ALLOC
#include <mini_alloc.h>
#endif

#include "../helpers/check.h"

enum { WORKLOAD_BLOCKS = 3000, WORKLOAD_SBRK = 5 };

struct workload_block {
  unsigned char *at;
  size_t size;
  uint32_t number;
  int is_malloced;  // not sbrk's
};

struct workload {
  uint32_t random;   // may be set before, to another sequence
  uint32_t largest;  // bytes of the largest block; 0: 300,000
  uint32_t last;     // number of the last block
  int count;         // of the blocks that live
  size_t total;      // bytes that were given, ever
  int refused;       // requests that were answered by NULL: allocating ends with the first
  int dirty;         // blocks that were not zero where they had to be
  int misaligned;    // blocks at another address than was asked for
  int overlapping;   // blocks that begin before the last one ends
  int damaged;       // blocks with a byte that is not what was written
  struct workload_block blocks[WORKLOAD_BLOCKS];
};

static inline uint32_t workload_random(struct workload *w, uint32_t below) {
  w->random = w->random * 1664525 + 1013904223;
  return (w->random >> 8) % below;
}

// Never 0, and another for the neighboring byte, for the next block, and 256 bytes on.
static inline unsigned char workload_byte(uint32_t number, size_t i) {
  return (unsigned char)((number * 31 + i * 7 + (i >> 8)) % 255 + 1);
}

static inline void workload_write(struct workload_block b) {
  for (size_t i = 0; i < b.size; i++)
    b.at[i] = workload_byte(b.number, i);
}

static inline int workload_holds(struct workload_block b, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (b.at[i] != workload_byte(b.number, i)) return 0;
  }
  return 1;
}

static inline int workload_is_zero(const unsigned char *at, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (at[i] != 0) return 0;
  }
  return 1;
}

// What a compiler knows of malloc (that the bytes of a new block are nothing to rely on, that errno
// stays as it was) ends here.
static inline void *workload_opaque(void *block) {
  __asm__ volatile("" : "+r"(block) : : "memory");
  return block;
}

// A block from a function that depends on `kind`, the alignment it must have, and whether it must
// be zero.
static inline void *workload_request(uint32_t kind, size_t size, size_t *align, int *zero) {
  void *block = NULL;
  *align = sizeof(double);
#ifdef WITH_MINI_ALLOC
  *zero = 1;
#else
  *zero = 0;
#endif
  switch (kind) {
    case 0:
      *zero = 1;
      return calloc(size, 1);
    case 1:
      *zero = 1;
      return calloc((size + 23) / 24, 24);
    case 2:
      *align = 64;
      return aligned_alloc(64, (size + 63) & ~(size_t)63);
    case 3:
      *align = 4096;
      return posix_memalign(&block, *align, size) == 0 ? block : NULL;
    case 4:
      return realloc(NULL, size);
#ifndef WITHOUT_SBRK
    case WORKLOAD_SBRK:
      *zero = 1;
      *align = 4;  // of sbrk on old Emscriptens
      block = sbrk((intptr_t)((size + 15) & ~(size_t)15));
      return block == (void *)-1 ? NULL : block;
#endif
#ifdef WITH_MINI_ALLOC
    case 6:
      *align = 1;
      return mini_alloc(size, 1);
#endif
    default:
      return malloc(size);
  }
}

// Grows or shrinks a block that lives, which must keep what it holds.
static inline int workload_resize(struct workload *w, struct workload_block *b, size_t size) {
  unsigned char *at = (unsigned char *)workload_opaque(realloc(b->at, size));
  if (at == NULL) return 0;
  b->at = at;
  w->misaligned += (uintptr_t)at % sizeof(double) != 0;
  w->damaged += !workload_holds(*b, b->size < size ? b->size : size);
  b->size = size;
  workload_write(*b);
  return 1;
}

static inline int workload_add(struct workload *w, size_t size) {
  size_t align;
  int zero;
  uint32_t number = ++w->last, kind = number % 10;
  struct workload_block b = {NULL, size, number, 1};
#ifndef WITHOUT_SBRK
  b.is_malloced = kind != WORKLOAD_SBRK;
#endif
  b.at = (unsigned char *)workload_opaque(workload_request(kind, size, &align, &zero));
  if (b.at == NULL) return 0;
  w->misaligned += (uintptr_t)b.at % align != 0;
  w->dirty += zero && !workload_is_zero(b.at, size);
  workload_write(b);
  w->blocks[w->count++] = b;
  w->total += size;
  return 1;
}

// Reads a block for the last time, and frees it, if it is malloc's.
static inline void workload_remove(struct workload *w, int i) {
  w->damaged += !workload_holds(w->blocks[i], w->blocks[i].size);
  if (w->blocks[i].is_malloced) free(w->blocks[i].at);
  w->blocks[i] = w->blocks[--w->count];
}

// Small blocks for the most part, and now and then a large one.
static inline size_t workload_size(struct workload *w) {
  uint32_t largest = w->largest ? w->largest : 300000, kind = workload_random(w, 16);
  if (kind == 0) return 1 + workload_random(w, largest);
  return 1 + workload_random(w, kind < 8 ? 200 : largest / 15 + 1);
}

// Allocates until `bytes` more were given, or a request is refused.
static inline void workload_allocate(struct workload *w, size_t bytes) {
  size_t end = w->total + bytes;
  while (w->total < end && w->refused == 0) {
    if (w->count == WORKLOAD_BLOCKS || (w->last % 8 == 7 && w->count > 8)) {
      workload_remove(w, (int)workload_random(w, (uint32_t)w->count));
    }
    int got = workload_add(w, workload_size(w));
    struct workload_block *last = w->blocks + w->count - 1;
    if (got && w->last % 5 == 4) {  // the last one grows, or one from long ago
      if (w->last % 10 == 4) last = w->blocks + workload_random(w, (uint32_t)w->count);
      if (last->is_malloced) got = workload_resize(w, last, workload_size(w));
    }
    w->refused += !got;
  }
}

static inline int workload_by_address(const void *a, const void *b) {
  const unsigned char *at = ((const struct workload_block *)a)->at;
  const unsigned char *other = ((const struct workload_block *)b)->at;
  return (at > other) - (at < other);
}

static inline void workload_verify(struct workload *w) {
  qsort(w->blocks, (size_t)w->count, sizeof *w->blocks, workload_by_address);
  for (int i = 0; i < w->count; i++) {
    struct workload_block b = w->blocks[i];
    w->damaged += !workload_holds(b, b.size);
    if (i > 0) w->overlapping += w->blocks[i - 1].at + w->blocks[i - 1].size > b.at;
  }
}

static inline void workload_free(struct workload *w) {
  for (int i = 0; i < w->count; i++) {
    if (w->blocks[i].is_malloced) free(w->blocks[i].at);
  }
  w->count = 0;
}

static inline void workload_check(const char *who, const char *what, int faults) {
  char name[160];
  snprintf(name, sizeof name, "%s: %s", who, what);
  CHECK(name, faults == 0);
}

// Everything but `refused`, which is for the program to judge.
static inline void workload_report(struct workload *w, const char *who) {
  workload_check(who, "memory that nobody had written is zero", w->dirty);
  workload_check(who, "every block is aligned", w->misaligned);
  workload_check(who, "no two blocks overlap", w->overlapping);
  workload_check(who, "every byte is what was written last", w->damaged);
}

#endif
