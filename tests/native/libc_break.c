// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The break in the hands of libc (libc_sbrk.h): what it gives to others is never ours, also where
// it moves the break while a request of ours looks at it.
#include <pthread.h>

#include "../helpers/check.h"
#include "blocks.h"
#include "libc_sbrk.h"

enum { BASE = 0x10400, LOOKS = 6, WORKERS = 6, ROUNDS = 600 };

static blocks list;
static bool zero, whole;

static void begin(void) {
  reset_heap(2, 1000, BASE);
  list.count = list.dirty = 0;
}

static void keep(const void *at, word size) {
  word start = address(at);
  zero &= start != 0 && fresh_zero(start, size);
  whole &= !overlaps(&list, start, start + size) && !memory_is_others(start, start + size);
  if (start) note(&list, start, size, false);
}

static void test_in_turns(void) {
  zero = whole = true;
  begin();
  for (unsigned i = 0; i < 300; i++) {
    keep(malloc(1 + i * 37), 1 + i * 37);
    if (i % 3 == 0) keep(sbrk((intptr_t)(1 + i * 113)), 1 + i * 113);
  }
  CHECK("blocks and what sbrk gives in turn are zero", zero);
  whole &= all_intact(&list) && broken_invariant(list.dirty) == NULL;
  CHECK("and never overlap", whole);
}

#if THREADS

// A request, as others take 24 bytes at the `nth` look at the break.
static void request(unsigned nth, word size, word align) {
  libc_sbrk_at(nth, 24);
  void *at = mini_alloc(size, align);
  word theirs = libc_sbrk_got();
  libc_sbrk_at(0, 0);
  if (theirs) keep(pointer(theirs), 24);
  keep(at, size);
  whole &= all_intact(&list) && broken_invariant(list.dirty) == NULL;
}

// The first request; one that goes on behind our region; one that goes on elsewhere, and takes the
// rest of its last page, or leaves it, since that is less than what is left of ours; one that goes
// on behind the pages of others.
static void test_between(void) {
  zero = whole = true;
  for (unsigned nth = 1; nth <= LOOKS; nth++) {
    begin();
    request(nth, 100, 8);
    for (unsigned i = 0; i < 20; i++)
      request(nth, 20000, 8);
    begin();
    request(0, 8, 8);
    request(nth, 2 * PAGE_SIZE - 2000, 8);
    request(0, 100000, PAGE_SIZE);
    keep(sbrk(8), 8);
    request(nth, 200000, 16);
    for (unsigned i = 0; i < 20; i++)
      request(nth, PAGE_SIZE - 100 + i * 10, 8);
    begin();
    request(0, 200 * PAGE_SIZE, 8);
    request(0, PAGE_SIZE, 8);  // memory grows by an eighth
    memory_grow_others(1);
    request(nth, 30 * PAGE_SIZE, 8);
  }
  CHECK("what others take in the middle of a request is zero, as is what it takes", zero);
  CHECK("and the two never overlap", whole);
}

static struct worker {
  pthread_t thread;
  bool asks_libc;
  blocks mine;
} workers[WORKERS];

static void *work(void *argument) {
  struct worker *w = argument;
  for (word i = 0; i < ROUNDS; i++) {
    word size = w->asks_libc ? 16 + i * 37 % 500 : 1000 + i * 997 % 4000;
    void *at = w->asks_libc ? sbrk((intptr_t)size) : malloc(size);
    note(&w->mine, address(at), size, false);
  }
  return NULL;
}

static void test_at_once(void) {
  whole = true;
  begin();
  pattern(&(block){0});
  for (unsigned i = 0; i < WORKERS; i++) {
    workers[i].asks_libc = i % 2;
    pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  }
  for (unsigned i = 0; i < WORKERS; i++) {
    pthread_join(workers[i].thread, NULL);
    whole &= all_intact(&workers[i].mine);
    for (unsigned j = 0; j < i; j++) {
      for (size_t k = 0; k < workers[i].mine.count; k++)
        whole &=
            !overlaps(&workers[j].mine, workers[i].mine.at[k].start, workers[i].mine.at[k].end);
    }
  }
  CHECK("threads that ask us and threads that ask libc are given bytes of their own", whole);
}

#endif

int main(void) {
  alarm(120);
  test_in_turns();
#if THREADS
  test_between();
  test_at_once();
#endif
  return checks_done();
}
