// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A string of bytes, read as a heap and a sequence of calls: every function, growth by others and
// growth refused. The random test writes such strings, and the fuzzer bends them.
#ifndef NATIVE_TAPE_H
#define NATIVE_TAPE_H

#include "lines.h"

typedef struct tape {
  const uint8_t *at;
  size_t left;
} tape;

static unsigned next(tape *t) {
  if (t->left == 0) return 0;
  t->left--;
  return *t->at++;
}

static unsigned next_pair(tape *t) {
  unsigned low = next(t);
  return low | next(t) << 8;
}

enum { MOST_MARKS = 8 };
static word marks[MOST_MARKS];

// Memory is small, so that it is soon full: at the bottom; where an eighth is more than a page; and
// right below the end of all addresses.
static void load_heap(tape *t) {
  static const word bottoms[] = {1, 400, 65536 - 20, 2};
  word bottom = bottoms[next(t) % 4];
  if (bottom > MOST_PAGES) bottom = MOST_PAGES - 20;
  word base = (bottom << PAGE_BITS) + next_pair(t);
  word initial = bottom + 1 + next(t) % 4;
  word maximum = initial + next(t) % (bottom == 400 ? 120 : 20);
  fresh(initial, maximum < MOST_PAGES ? maximum : MOST_PAGES, base);
  memory_oversize(next(t) % 4);
  memory_lag(THREADS && next(t) % 2);
  for (unsigned i = 0; i < MOST_MARKS; i++)
    marks[i] = bump_pointer();
}

static word some_size(tape *t) {
  unsigned kind = next(t), n = next(t);
  if (kind < 120) return n % 72;
  if (kind < 180) return n * 16;
  if (kind < 200) return PAGE_SIZE + n - 128;
  if (kind < 220) return (n % 12) * PAGE_SIZE + n / 12;
  if (kind < 245) return room + n % 9 - 4;  // around what is left
  if (kind < 250) return (word)1 << (n % WORD_BITS);
  return WORD_MAX - n % 32;
}

static word some_align(tape *t) {
  unsigned n = next(t);
  if (n < 160) return (word)1 << (n % 8);
  if (n < 230) return (word)1 << (n % 19);
  if (n < 245) return (word)1 << (n % WORD_BITS);
  return n % 3 ? n : 0;
}

static void *some_block(tape *t) {
  unsigned n = next_pair(t);
  if (n % 3 != 0) {
    block *last = contains(&live, last_block);
    return last ? pointer(last_block) : NULL;
  }
  if (live.count == 0) return NULL;
  block *b = &live.at[n / 3 % live.count];
  return b->others ? NULL : pointer((word)b->start);
}

static void play_line(tape *t, unsigned kind) {
  unsigned n = next_pair(t);
  switch (kind) {
    case 0:
      try_sbrk((intptr_t)some_size(t));
      break;
    case 1:
      try_sbrk(-(intptr_t)n);
      break;
    case 2:
      try_brk(the_break + n % 512 - 64);
      break;
    case 3:
      if (known_end != NOT_KNOWN) memory_grow_others(n % 3);  // before, they would be ours (A2)
      break;
    case 4:
      memory_refuse(1 + n % 3, 1 + n / 3 % 3);
      break;
#if THREADS
    default:
      switch_instance(n % INSTANCES);
      if (n & 256) memory_see(memory_pages());
#else
    case 5:
      marks[n % MOST_MARKS] = try_mark();
      break;
    case 6:
      try_reset(marks[n % MOST_MARKS]);
      break;
    default:
      try_reset(bump_pointer() + n % 128 - 120);
#endif
  }
}

static void play_call(tape *t) {
  unsigned call = next(t);
  switch (call % 16) {
    case 0:
    case 1:
      try_malloc(some_size(t));
      break;
    case 2:
      try_calloc(next(t), some_size(t));
      break;
    case 3:
    case 4:
      try_mini_alloc(some_size(t), some_align(t));
      break;
    case 5:
      try_mini_alloc_zeroed(some_size(t), some_align(t));
      break;
    case 6:
      try_aligned_alloc(some_align(t), some_size(t));
      break;
    case 7:
      try_posix_memalign(some_align(t), some_size(t));
      break;
    case 8:
      try_free(some_block(t));
      break;
    case 9:
    case 10:
    case 11:
      try_realloc(some_block(t), some_size(t));
      break;
    case 12:
      try_reallocarray(some_block(t), next(t), some_size(t));
      break;
    default:
      play_line(t, call / 16 % 8);
  }
}

// False if anything was wrong at any time.
static bool play(const uint8_t *bytes, size_t size) {
  tape t = {bytes, size};
  load_heap(&t);
  while (t.left > 0 && live.count < MOST_BLOCKS && !wrong_first)
    play_call(&t);
  return sound();
}

#endif
