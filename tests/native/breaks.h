// SPDX-License-Identifier: MIT OR Apache-2.0
//
// sbrk and brk: the line that everybody moves.
#ifndef NATIVE_BREAKS_H
#define NATIVE_BREAKS_H

#include "family.h"

static const word REFUSED_BREAK = WORD_MAX;

static void test_sbrk_first(void) {
  fresh(2, 6, BASE + 1);
  word a = address(try_sbrk(0)), b = address(try_sbrk(100)), c = address(try_sbrk(1));
  CHECK("sbrk(0) returns the break, aligned", a == break_aligned(BASE + 1) && b == a);
  CHECK("sbrk takes what it was asked for, rounded up to the alignment of malloc",
        c == b + break_aligned(100) && the_break == c + alignof(max_align_t));
  CHECK("emscripten_get_sbrk_ptr points at the break", *emscripten_get_sbrk_ptr() == the_break);
  word p = address(try_malloc(8));
  CHECK("the heap begins behind what sbrk took",
        p == the_break - room - ALIGNMENT * (ALIGNMENT > 8) - 8 * (ALIGNMENT == 8) || p > c);
  CHECK("and they never overlap", sound());
}

static void test_sbrk_between(void) {
  fresh(2, 12, BASE);
  try_malloc(1000);
  word left = room, at = address(try_sbrk(1000));
  CHECK("sbrk after malloc takes what lies behind what is ours", at >= limit && sound());
  CHECK("what is ours stays ours", try_malloc(left / 2) && the_break == break_aligned(at + 1000));
  word next = address(try_malloc(60000));
  CHECK("the heap goes on behind sbrk", next >= at + 1000 && sound());
  for (unsigned i = 0; i < 20; i++) {
    try_sbrk(i * 8);
    try_malloc(5000 + i);
  }
  CHECK("calls of both in turn never overlap", sound());
}

static void test_sbrk_growth(void) {
  fresh(2, 5, BASE);
  CHECK("sbrk grows memory", address(try_sbrk(100000)) == BASE && memory_pages() == 3);
  CHECK("what it does not take, the heap has", try_malloc(20000) && memory_pages() == 3 && sound());
  word before_it = the_break;
  CHECK("sbrk is refused with ENOMEM beyond the maximum, and nothing moves",
        address(try_sbrk(200000)) == REFUSED_BREAK && the_break == before_it && sound());
  CHECK("up to the maximum it is not",
        address(try_sbrk((intptr_t)(5 * PAGE_SIZE - the_break))) == before_it &&
            the_break == 5 * PAGE_SIZE && sound());
  CHECK("where all is taken, sbrk(0) still tells where the break is",
        address(try_sbrk(0)) == 5 * PAGE_SIZE && address(try_sbrk(1)) == REFUSED_BREAK && sound());
}

static void test_sbrk_negative(void) {
  static const intptr_t steps[] = {-1, -7, -8, -16, -17, -1000, -65536, -100000};
  bool refused_all = true;
  for (unsigned kind = 0; kind < 3; kind++) {
    fresh(2, 8, BASE);
    if (kind == 1) try_malloc(100);
    if (kind == 2) try_sbrk(100000);
    for (size_t i = 0; i < LENGTH(steps); i++)
      refused_all &= address(try_sbrk(steps[i])) == REFUSED_BREAK;
    refused_all &= try_malloc(10) && sound();
  }
  CHECK("sbrk of a negative number is refused with ENOMEM: nothing is given back", refused_all);
}

static void test_sbrk_others(void) {
  fresh(2, 12, BASE);
  try_sbrk(1000);
  memory_grow_others(2);
  CHECK("sbrk takes what it can get before the pages of others",
        address(try_sbrk(1000)) == BASE + 1000 && sound());
  CHECK("and goes on behind them", address(try_sbrk(100000)) == 4 * PAGE_SIZE && sound());
  memory_grow_others(6);
  word now = the_break;
  CHECK("it is refused where they have taken all",
        address(try_sbrk(100000)) == REFUSED_BREAK && the_break == now && sound());
  CHECK("and what is left fits", try_malloc(20000) && sound());
}

static void test_brk(void) {
  fresh(2, 5, BASE);
  CHECK("brk moves the break up to an address",
        try_brk(BASE + 64) == 0 && try_brk(BASE + 64) == 0 && try_brk(BASE + 80000) == 0 &&
            the_break == BASE + 80000 && memory_pages() == 3 && sound());
  CHECK("an address below the break is refused with ENOMEM",
        try_brk(BASE) == -1 && try_brk(0) == -1 && try_brk(the_break - 8) == -1 && sound());
  CHECK("an address beyond the maximum too", try_brk(5 * PAGE_SIZE + 1) == -1 && sound());
  CHECK("and the next that can be reached is not",
        try_malloc(10) && try_brk(5 * PAGE_SIZE) == 0 && sound());
  fresh(2, 6, BASE);
  try_malloc(10);
  memory_grow_others(1);
  CHECK("brk into the pages of others is refused",
        try_brk(2 * PAGE_SIZE + 8) == -1 && try_malloc(100) && sound());
}

static void test_breaks(void) {
  test_sbrk_first();
  test_sbrk_between();
  test_sbrk_growth();
  test_sbrk_negative();
  test_sbrk_others();
  test_brk();
}

#endif
