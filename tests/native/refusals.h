// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The n-th growth of memory is refused, for n = 1, 2, 3, ... until none is: whatever fails then
// changes nothing (I5), and the next small request that fits succeeds.
//
// The one exception that I5 states: where others have grown memory behind ours, a request of two
// steps (brk; an alignment beyond a page) may fail in its second, after the first has moved the
// break behind their pages. The judges in model.h and lines.h let that pass, and nothing else.
#ifndef NATIVE_REFUSALS_H
#define NATIVE_REFUSALS_H

#include "family.h"
#include "lines.h"

static unsigned refused_calls;
static bool small_succeeds;

// After a call that may have failed.
static void took(const void *got) {
  if (got && address(got) != WORD_MAX) return;
  refused_calls++;
  if (room >= 1) small_succeeds &= try_mini_alloc(1, 1) != NULL;
  if (room >= 2 * ALIGNMENT) small_succeeds &= try_malloc(1) != NULL;
}

// Every function, and each of them has to grow memory at least once.
static void scripted_run(void) {
  took(try_malloc(70000));
  took(try_calloc(2, 40000));
  took(try_mini_alloc(100000, 1));
  took(try_mini_alloc_zeroed(70000, 4096));
  took(try_aligned_alloc(2 * PAGE_SIZE, 70000));
  took(try_memalign(4 * PAGE_SIZE, 1));
  took(try_posix_memalign(64, 70000));
  void *p = try_realloc(NULL, 70000);
  took(p);
  took(try_realloc(p, 200000));
  took(try_reallocarray(contains(&live, last_block) ? pointer(last_block) : NULL, 100, 3000));
  took(try_sbrk(100000));
  took(try_malloc(100000));
  if (known_end != NOT_KNOWN) memory_grow_others(1);
  took(try_mini_alloc(70000, 8));
  if (known_end != NOT_KNOWN) memory_grow_others(2);
  took(try_aligned_alloc(2 * PAGE_SIZE, 100000));
  took(try_brk(the_break + 100000) == 0 ? &live : NULL);
  took(try_realloc(contains(&live, last_block) ? pointer(last_block) : NULL, 300000));
  took(try_malloc(40 * PAGE_SIZE));
}

// Refuses `count` growths from the n-th; false when there was none to refuse.
static bool refuse_nth(unsigned n, unsigned count, word initial, bool *all_sound) {
  fresh(initial, initial + 200, (initial - 1) << PAGE_BITS | 0x400);
  memory_refuse(n, count);
  scripted_run();
  *all_sound &= sound();
  return memory_refusals() > 0;
}

static void test_refusals(void) {
  static const word initials[] = {2, 100};  // exact, and by an eighth first
  for (size_t i = 0; i < LENGTH(initials); i++) {
    bool all_sound = true, exact = i == 0;
    unsigned n = 1, m = 1;
    small_succeeds = true;
    refused_calls = 0;
    while (n < 200 && refuse_nth(n, 1, initials[i], &all_sound))
      n++;
    while (m < 200 && refuse_nth(m, 1000, initials[i], &all_sound))
      m++;
    CHECK(exact ? "I5: whichever growth of a small memory is refused, nothing changes"
                : "I5: whichever growth of a larger memory is refused, nothing changes",
          all_sound && n > 4 && m > 4 && n < 200 && m < 200 && refused_calls > 0);
    CHECK(exact ? "after it the next small request that fits succeeds"
                : "after it the next small request that fits succeeds there, too",
          small_succeeds);
  }
}

#endif
