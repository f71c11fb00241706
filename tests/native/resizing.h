// SPDX-License-Identifier: MIT OR Apache-2.0
//
// realloc: in place where it can be, and what it copies where it cannot.
#ifndef NATIVE_RESIZING_H
#define NATIVE_RESIZING_H

#include "family.h"

static void test_in_place(void) {
  fresh(2, 12, BASE);
  char *p = try_realloc(NULL, 10);
  CHECK("the block that realloc returned last grows in place",
        try_realloc(p, 1000) == p && sound());
  CHECK("across the end of memory too", try_realloc(p, 200000) == p && sound());
  CHECK("keeps its size", try_realloc(p, 200000) == p && sound());
  CHECK("and shrinks in place", try_realloc(p, 7) == p && sound());
  char *q = try_calloc(1, 150000);
  CHECK("what it gave back is given out again, zero", q - p < 128 && sound());
  fresh(2, 2, BASE);
  p = try_realloc(NULL, 3);
  word all = room + 3;
  CHECK("it grows to the last byte there is", try_realloc(p, all) == p && room == 0 && sound());
  CHECK("and no further", !try_realloc(p, all + 1) && sound());
  CHECK("shrinks to a byte at size 0", try_realloc(p, 0) == p && room == all - 1 && sound());
}

static void test_moving(void) {
  fresh(2, 12, BASE);
  char *a = try_malloc(100), *b = try_realloc(a, 100);
  CHECK("a block from malloc moves, as its size is unknown", b != a && sound());
  try_mini_alloc(1, 1);
  char *c = try_realloc(b, 200);
  CHECK("a block with another one behind it moves", c > b && sound());
  char *old = try_realloc(NULL, 300), *d = try_malloc(1), *e = try_realloc(old, 50);
  CHECK("an older block of realloc moves, smaller or larger",
        e > d && try_malloc(1) && try_realloc(c, 100000) > (void *)e && sound());
  char *f = try_mini_alloc(3, 1);
  CHECK("a block at an odd address moves to an aligned one",
        address(try_realloc(f, 2)) % ALIGNMENT == 0 && sound());
  CHECK("a block that is refused its growth stays as it was",
        !try_realloc(e, 2000000) && !try_realloc(d, WORD_MAX) && sound());
}

// Appends to one buffer until `total` bytes are there; returns the bytes copied.
static uint64_t append(word total, word step, bool others) {
  uint64_t copied = 0;
  char *p = NULL;
  for (word size = step; size <= total; size += step) {
    char *q = try_realloc(p, size);
    if (p && q != p) copied += size - step;
    p = q;
    if (others && size % (16 * step) == 0) memory_grow_others(1);
  }
  return copied;
}

static void test_appending(void) {
  fresh(2, 40, BASE);
  CHECK("appending to one buffer copies nothing", append(2000000, 1000, false) == 0 && sound());
  CHECK("and takes no more memory than it needs",
        memory_pages() <= pages_for(BASE + 2000000) + 1 + memory_pages() / 8);
  fresh(2, 400, BASE);
  uint64_t copied = append(640000, 10000, true);
  CHECK("where others grow memory now and then, it copies once for each time",
        copied > 0 && copied <= 5 * 640000 && sound());
}

static void test_after_the_region_moved(void) {
  fresh(2, 30, BASE);
  char *old = try_malloc(500), *p = try_realloc(NULL, 1000);
  try_sbrk(10);
  CHECK("after sbrk, the last block still grows in what is ours",
        try_realloc(p, 50000) == p && sound());
  char *q = try_realloc(p, 100000);
  CHECK("and moves behind sbrk when it must, whole", q > p && sound());
  // With threads it may have a place of its own there, and move again.
  char *again = try_realloc(q, 100100);
  CHECK("where it grows in place again", again && (again == q || THREADS) && sound());
  memory_grow_others(2);
  char *r = try_realloc(again, 250000);
  CHECK("it moves behind the pages of others, whole", r > q && sound());
  again = try_realloc(r, 250100);
  CHECK("and is the last block there", again && (again == r || THREADS) && try_realloc(again, 9));
  CHECK("with nothing else harmed", sound());
  CHECK("a block below the pages of others is copied, and no byte beyond the heap",
        try_realloc(old, 60000) && sound());
}

static void test_refused_growth(void) {
  fresh(2, 12, BASE);
  char *p = try_realloc(NULL, 1000);
  memory_refuse(1, 100);
  CHECK("where growth is refused, the last block stays the last, as it was",
        !try_realloc(p, 100000) && !try_reallocarray(p, 1000, 1000) && sound());
  CHECK("and can grow to where it fits", try_realloc(p, 60000) == p && sound());
}

static void test_resizing(void) {
  test_in_place();
  test_moving();
  test_appending();
  test_after_the_region_moved();
  test_refused_growth();
}

#endif
