// SPDX-License-Identifier: MIT OR Apache-2.0
//
// How memory grows: how much, up to its maximum, and where others have grown it too.
#ifndef NATIVE_GROWTH_H
#define NATIVE_GROWTH_H

#include "family.h"

#if defined MINI_ALLOC_GROW_EXACT || defined MINI_ALLOC_RESIZE_HEAP
#define GROWS_EXACTLY 1
#else
#define GROWS_EXACTLY 0
#endif

static void test_no_growth(void) {
  fresh(2, 4, BASE);
  char *p = try_malloc(60000);
  CHECK("what is there already is used first", address(p) == BASE && memory_growths() == 0);
  try_mini_alloc(2 * PAGE_SIZE - bump_pointer(), 1);
  CHECK("to its last byte", room == 0 && memory_growths() == 0 && memory_pages() == 2 && sound());
  fresh(2, 9, BASE);
  memory_grow(4);
  unsigned growths = memory_growths();
  CHECK("pages that appeared before the first request are ours (A2)",
        try_malloc(300000) && memory_growths() == growths && sound());
}

static void test_exact_growth(void) {
  bool exact = true;
  for (word extra = 1; extra <= 3 * PAGE_SIZE; extra += PAGE_SIZE / 4) {
    fresh(2, 10, BASE);
    exact &= try_malloc(2 * PAGE_SIZE - BASE + extra) != NULL;
    exact &= memory_pages() == 2 + pages_for(extra) && memory_growths() == 1 && sound();
    fresh(2, 10, BASE);
    try_mini_alloc(5, 1);
    exact &= try_mini_alloc(room + extra, 1) && memory_pages() == 2 + pages_for(extra) && sound();
  }
  CHECK("small memory grows by the pages that are needed, and no more", exact);
}

static void test_eighths(void) {
  word base = 799 * PAGE_SIZE;
  fresh(800, 2000, base);
  try_malloc(PAGE_SIZE);
  try_malloc(1);
  CHECK("larger memory grows by an eighth, unless it shall be exact",
        memory_pages() == (GROWS_EXACTLY ? 801 : 900) && sound());
  fresh(800, 2000, base);
  CHECK("or by what is needed, if that is more",
        try_malloc(151 * PAGE_SIZE) && memory_pages() == 950 && sound());
  fresh(800, 850, base);
  try_malloc(PAGE_SIZE);
  try_malloc(3 * PAGE_SIZE);
  CHECK("an eighth that is refused makes it exact",
        memory_pages() == 803 && memory_refusals() == !GROWS_EXACTLY && sound());
  CHECK("and all pages up to the maximum can be had",
        try_malloc(47 * PAGE_SIZE) && memory_pages() == 850 && !try_malloc(1) && sound());
}

static void test_fixed_memory(void) {
  bool full = true;
  for (word base = BASE; base < BASE + 9; base++) {
    fresh(2, 2, base);
    while (try_mini_alloc(97, 1)) {
    }
    full &= !try_malloc(97) && address(try_sbrk(0x10000)) == WORD_MAX && sound();
    while (room > 0)
      full &= try_mini_alloc(1, 1) != NULL;
    full &= bump_pointer() == 2 * PAGE_SIZE && !try_mini_alloc(1, 1) && !try_malloc(0) && sound();
  }
  CHECK("memory that may not grow is used to its last byte, and then refused", full);
}

static void test_maximum(void) {
  fresh(2, 5, BASE);
  CHECK("a block that ends where the maximum is can be had",
        try_mini_alloc(5 * PAGE_SIZE - BASE, 1) && memory_pages() == 5 && room == 0 && sound());
  fresh(2, 5, BASE);
  CHECK("one byte more is refused, and less is given",
        !try_mini_alloc(5 * PAGE_SIZE - BASE + 1, 1) && try_malloc(100) && memory_pages() == 2);
  CHECK("page by page up to the last one",
        try_malloc(PAGE_SIZE) && try_malloc(PAGE_SIZE) && try_malloc(PAGE_SIZE) &&
            memory_pages() == 5 && !try_malloc(PAGE_SIZE) && try_malloc(1000) && sound());
}

static void test_others(void) {
  fresh(2, 12, BASE);
  try_malloc(1000);
  memory_grow_others(2);
  CHECK("what was ours stays ours when others grow memory",
        try_malloc(60000) && memory_growths() == 0 && sound());
  char *p = try_malloc(60000);
  CHECK("pages of others are skipped", address(p) == 4 * PAGE_SIZE && sound());
  CHECK("and the heap goes on behind them", try_malloc(70000) && memory_pages() == 6 && sound());
  memory_grow_others(1);
  try_malloc(room);
  p = try_aligned_alloc(2 * PAGE_SIZE, 10);
  CHECK("as often as need be, at any alignment", address(p) >= 8 * PAGE_SIZE && sound());
}

static void test_others_take_all(void) {
  fresh(2, 6, BASE);
  try_malloc(1000);
  memory_grow_others(4);
  CHECK("where others have taken all, a large request is refused and nothing changes",
        !try_malloc(100000) && !try_mini_alloc(65536, 65536) && !try_aligned_alloc(1 << 17, 9) &&
            sound());
  CHECK("and a small one that fits succeeds", try_malloc(60000) && !try_malloc(60000) && sound());
  fresh(2, 6, BASE);
  try_malloc(1000);
  memory_grow_others(3);
  CHECK("where they left too little, too", !try_malloc(100000) && try_malloc(60000) &&
                                               try_malloc(60000) && !try_malloc(10000) && sound());
}

static void test_oversize(void) {
#ifdef MINI_ALLOC_RESIZE_HEAP
  fresh(2, 12, BASE);
  memory_oversize(3);
  try_malloc(70000);
  CHECK("pages that a growth adds unasked are ours",
        memory_pages() == 6 && try_malloc(180000) && memory_growths() == 1 && sound());
  memory_oversize(100);
  CHECK("up to the maximum", try_malloc(2 * PAGE_SIZE) && memory_pages() == 12 && sound());
#endif
}

static void test_growth(void) {
  test_no_growth();
  test_exact_growth();
  test_eighths();
  test_fixed_memory();
  test_maximum();
  test_others();
  test_others_take_all();
  test_oversize();
}

#endif
