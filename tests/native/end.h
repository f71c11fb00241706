// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The end of a 4 GiB memory, whose address is 0.
#ifndef NATIVE_END_H
#define NATIVE_END_H

#include "breaks.h"

#if REACHES_THE_END

static const uint64_t THE_END = (uint64_t)1 << 32;

// Heap base and bump pointer are near the end, so that little has to be given out to be there.
static void fresh_near_end(word initial, word bytes) {
  fresh(initial, 65536, (word)(THE_END - bytes));
}

static bool is_full(void) {
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  return end_of((word)info.bump) == THE_END && end_of((word)info.limit) == THE_END &&
         info.pages == 65536;
}

// Everything that must be refused where the last byte is gone.
static bool refuses_all(void) {
  bool refused_all = !try_malloc(1) && !try_malloc(0) && !try_calloc(1, 1) && !try_malloc(100000);
  refused_all &= !try_mini_alloc(1, 1) && !try_aligned_alloc(64, 1) && !try_realloc(NULL, 1);
  refused_all &=
      !try_mini_alloc(1, 65536) && !try_mini_alloc(1, 131072) && !try_mini_alloc(0, 131072);
  refused_all &=
      !try_posix_memalign(16, 1) && !try_malloc(WORD_MAX) && !try_mini_alloc(WORD_MAX, 1);
  refused_all &= address(try_sbrk(1)) == REFUSED_BREAK && address(try_sbrk(-8)) == REFUSED_BREAK;
  if (WORD_BITS == 32) refused_all &= !try_mini_alloc(0, 1);  // its address would be NULL
  return refused_all && is_full() && sound();
}

static bool last_byte_is_given(void) {
  word last = (word)(THE_END - 1);
  return contains(&live, last) && *byte_at(last) != 0;
}

static void test_byte_by_byte(void) {
  bool full = true;
  for (word initial = 65535; initial <= 65536; initial++) {
    fresh_near_end(initial, initial == 65535 ? 0x10005 : 1000);
    unsigned given = 0;
    try_mini_alloc(initial == 65535 ? 0x10000 : 900, 1);
    while (!wrong_first && given < 1000 && try_mini_alloc(1, 1))
      given++;
    full &= given == (initial == 65535 ? 5 : 100) && last_byte_is_given() && sound();
    full &= refuses_all() && refuses_all();
  }
  CHECK("4 GiB are used to the last byte, and then everything is refused", full);
}

static void test_at_once(void) {
  fresh_near_end(65530, 0x70000);
  CHECK("one block may end where addresses do", try_mini_alloc(0x70000, 1) && refuses_all());
  fresh_near_end(65530, 0x70000);
  CHECK("so may one of malloc", try_malloc(0x70000) && refuses_all());
  fresh_near_end(65530, 0x70000);
  CHECK("one byte more is refused, and the next small request succeeds",
        !try_mini_alloc(0x70001, 1) && !try_malloc(0x70001) && try_malloc(1) && sound());
  fresh_near_end(65536, 0x20000);
  CHECK("where the limit is 0 from the first, all is given nevertheless",
        try_malloc(100) && try_mini_alloc(0, 8) && try_mini_alloc(0, 64) && try_mini_alloc(3, 1) &&
            try_calloc(1, 70000) && try_aligned_alloc(64, 64) && sound());
}

static void test_realloc_at_the_end(void) {
  fresh_near_end(65536, 1024);
  char *p = try_realloc(NULL, 500);
  p = try_realloc(p, 1024 - 8);
  CHECK("realloc grows its block to the last byte", p && (p = try_realloc(p, 1024)) && is_full());
  CHECK("and no further", !try_realloc(p, 1025) && !try_realloc(p, WORD_MAX) && refuses_all());
  CHECK("there it can still shrink, which makes room", try_realloc(p, 10) == p && sound());
  CHECK("for what fits", try_malloc(900) && !try_malloc(200) && sound());
}

static void test_reset_at_the_end(void) {
#if !THREADS
  fresh_near_end(65536, 1000);
  word first = try_mark();
  try_mini_alloc(100, 1);
  word mark = try_mark();
  try_mini_alloc(900, 1);
  CHECK("the mark of a full memory is where it ends", is_full() && end_of(try_mark()) == THE_END);
  CHECK("reset gives back what goes to the last byte",
        try_reset(mark) == 0 && room == 900 && try_calloc(1, 800) && sound());
  try_mini_alloc(room, 1);
  CHECK("as often as memory is full", try_reset(first) == 0 && room == 1000 && sound());
#endif
}

static void test_sbrk_at_the_end(void) {
  fresh_near_end(65534, 0x30000);
  CHECK("sbrk takes the last byte", end_of(address(try_sbrk(0x30000))) == THE_END - 0x30000);
  CHECK("and nobody gets another one", the_break == (word)THE_END && refuses_all());
  CHECK("the break is then at the end of all addresses",
        address(try_sbrk(0)) == (word)THE_END && try_brk((word)THE_END) == 0);
  fresh_near_end(65534, 0x30000);
  try_malloc(5);
  CHECK("brk reaches the end of all addresses, and what is ours stays ours",
        try_brk((word)THE_END) == 0 && try_malloc(8) && !try_malloc(0x10000) && sound());
}

static void test_others_at_the_end(void) {
  fresh_near_end(65534, 0x30000);
  try_malloc(5);
  memory_grow_others(2);
  CHECK("where others have the last page, what is ours can be used up",
        !try_malloc(0x10000) && try_malloc(0xff00) && !try_malloc(0x1000) && try_malloc(8) &&
            sound());
  fresh_near_end(65533, 0x40000);
  try_malloc(5);
  memory_grow_others(1);
  CHECK("behind the pages of others the heap goes on to the end",
        try_malloc(0x20000) && the_break == (word)THE_END && sound());
}

static void test_end(void) {
  test_byte_by_byte();
  test_at_once();
  test_realloc_at_the_end();
  test_reset_at_the_end();
  test_sbrk_at_the_end();
  test_others_at_the_end();
}

#else

static void test_end(void) {}

#endif
#endif
