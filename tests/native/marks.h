// SPDX-License-Identifier: MIT OR Apache-2.0
//
// mini_alloc_mark and mini_alloc_reset.
#ifndef NATIVE_MARKS_H
#define NATIVE_MARKS_H

#include "family.h"

#if !THREADS

static void test_reset(void) {
  fresh(2, 12, BASE);
  char *kept = try_malloc(100);
  word mark = try_mark();
  CHECK("reset to a mark with nothing since does nothing", try_reset(mark) == 0 && sound());
  char *p = try_malloc(100);
  try_mini_alloc(5, 1);
  try_calloc(3, 70000);
  try_aligned_alloc(1 << 17, 10);
  word pages = memory_pages();
  CHECK("reset gives back every block since the mark, cleared", try_reset(mark) == 0 && sound());
  CHECK("and the next request begins there again", try_malloc(100) == p && kept < p && sound());
  CHECK("the pages stay",
        memory_pages() == pages && try_calloc(3, 70000) && memory_pages() == pages && sound());
  bool same = true;
  for (unsigned i = 0; i < 50; i++) {
    mark = try_mark();
    for (unsigned j = 0; j < i; j++)
      try_malloc(j * 31);
    same &= try_reset(mark) == 0 && try_mark() == mark;
  }
  CHECK("a hundred scopes in a row take no memory", same && memory_pages() == pages && sound());
}

static void test_nested_marks(void) {
  fresh(2, 4, BASE);
  word outer = try_mark();
  try_malloc(10);
  word inner = try_mark();
  try_malloc(10);
  CHECK("marks nest", try_reset(inner) == 0 && try_malloc(20) && try_reset(outer) == 0 && sound());
  CHECK("a mark above the bump pointer cannot be one", try_reset(inner) == -1 && sound());
}

static void test_first_mark(void) {
  fresh(2, 4, BASE + 1);
  word mark = try_mark();
  CHECK("the mark before the first request is the heap base", mark == BASE + 1);
  CHECK("and can be reset to at once", try_reset(mark) == 0 && sound());
  try_malloc(70000);
  CHECK("and after it", try_reset(mark) == 0 && bump_pointer() == BASE + 1 && sound());
}

static void test_mark_below_the_break(void) {
  fresh(2, 4, BASE + 1);
  word mark = try_mark();
  CHECK("brk to where the break would be if it were aligned takes the padding",
        try_brk(break_aligned(mark)) == 0 && sound());
  CHECK("which no mark from before brings back",
        try_malloc(10) && try_reset(mark) == -1 && sound());
}

static void test_bad_marks(void) {
  bool refused_all = true;
  for (unsigned warm = 0; warm < 2; warm++) {
    fresh(2, 4, BASE);
    if (warm) try_malloc(100);
    word bump = bump_pointer();
    const word bad[] = {0,
                        1,
                        BASE - 1,
                        bump + 1,
                        2 * PAGE_SIZE,
                        2 * PAGE_SIZE + 1,
                        bump + PAGE_SIZE,
                        WORD_MAX,
                        WORD_MAX / 2};
    for (size_t i = 0; i < LENGTH(bad); i++)
      refused_all &= try_reset(bad[i]) == -1 && sound();
  }
  CHECK("what lies outside the heap or above the bump pointer is no mark", refused_all);
}

static void test_marks_and_sbrk(void) {
  fresh(2, 8, BASE);
  word first = try_mark();
  try_sbrk(16);
  word second = try_mark();
  try_malloc(10);
  CHECK("reset does not reach below what sbrk took before the first request",
        try_reset(first) == -1 && try_reset(second) == 0 && sound());
  try_malloc(10);
  word mark = try_mark();
  try_sbrk(1000);
  try_malloc(10);
  CHECK("sbrk above what is ours does not disturb a mark", try_reset(mark) == 0 && sound());
  try_malloc(70000);
  CHECK("but where the heap went on behind it, reset refuses", try_reset(mark) == -1 && sound());
  mark = try_mark();
  try_malloc(1000);
  CHECK("and marks behind it are good", try_reset(mark) == 0 && sound());
  CHECK("down to where our region begins", try_reset(region) == 0 && sound());
  CHECK("and not a byte further", try_reset(region - 1) == -1 && sound());
}

static void test_marks_and_others(void) {
  fresh(2, 8, BASE);
  try_malloc(10);
  word mark = try_mark();
  memory_grow_others(1);
  try_malloc(100);
  CHECK("pages of others above what is ours do not disturb a mark",
        try_reset(mark) == 0 && sound());
  try_malloc(70000);
  CHECK("but reset never clears them", try_reset(mark) == -1 && sound());
  mark = try_mark();
  try_malloc(70000);
  CHECK("a mark behind them is good", try_reset(mark) == 0 && try_calloc(1, 70000) && sound());
}

static void test_reset_and_realloc(void) {
  fresh(2, 8, BASE);
  word mark = try_mark();
  char *p = try_realloc(NULL, 100);
  try_reset(mark);
  char *q = try_malloc(50), *r = try_malloc(50);
  CHECK("a block given back is not the last block any more", p == q && r > q && sound());
  try_reset(mark);
  p = try_realloc(NULL, 100);
  mark = try_mark();
  try_malloc(10);
  try_reset(mark);
  CHECK("nor is one below the mark: it moves when it grows", try_realloc(p, 200) != p && sound());
}

static void test_marks(void) {
  test_reset();
  test_nested_marks();
  test_first_mark();
  test_mark_below_the_break();
  test_bad_marks();
  test_marks_and_sbrk();
  test_marks_and_others();
  test_reset_and_realloc();
}

#else

static void test_marks(void) {}  // not offered

#endif
#endif
