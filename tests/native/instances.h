// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Threads one after the other (heap.h): what depends on who called last, and on how late
// memory.size tells of a growth.
#ifndef NATIVE_INSTANCES_H
#define NATIVE_INSTANCES_H

#include "breaks.h"

#if THREADS

// Two threads with a region each, the second one's behind the first one's.
static void fresh_pair(word initial, word maximum) {
  fresh(initial, maximum, (initial - 1) << PAGE_BITS | 0x400);
  try_malloc(16);
  switch_instance(1);
  try_malloc(16);
}

static void test_regions(void) {
  fresh_pair(2, 40);
  CHECK("each thread has a page of its own", memory_pages() == 3 && sound());
  word second = limit;
  switch_instance(0);
  CHECK("small requests of one do not touch the other",
        try_malloc(60000) && bump_pointer() < 2 * PAGE_SIZE && sound());
  word left = room;
  char *p = try_malloc(100000);
  CHECK("a large request that leaves less than a thread has gets a place of its own",
        address(p) >= second && sound());
  CHECK("or the thread goes on behind it", room >= left && sound());
  for (unsigned i = 0; i < 60; i++) {
    switch_instance(i % INSTANCES);
    try_malloc(i * 700);
    try_mini_alloc(i, 1);
  }
  CHECK("three threads in turn never overlap", sound());
}

static void test_own_chunk(void) {
  fresh_pair(2, 40);
  switch_instance(0);
  word left = room;
  char *p = try_realloc(NULL, 100000);
  CHECK("a block of its own leaves the region alone", room == left && sound());
  CHECK("realloc of such a block grows it without harm", try_realloc(p, 200000) && sound());
  CHECK("and shrinks it", try_realloc(pointer(last_block), 50) && sound());
  fresh_pair(2, 40);
  switch_instance(0);
  p = try_realloc(NULL, 500);
  p = try_realloc(p, 100000);
  CHECK("a last block that moved to a place of its own", p && sound());
  CHECK("can be resized there", try_realloc(p, 110000) && try_malloc(60000) && sound());
}

static void test_realloc_elsewhere(void) {
  fresh_pair(2, 40);
  char *mine = try_malloc(50000), *late = try_realloc(NULL, 20000);
  switch_instance(0);
  char *a = try_realloc(mine, 60000), *b = try_realloc(late, 40);
  CHECK("a block may be realloc'ed by another thread, larger or smaller", a && b && sound());
  switch_instance(1);
  CHECK("back again", try_realloc(a, 70000) && try_realloc(b, 70000) && sound());
}

static void test_lag(void) {
  fresh_pair(2, 40);
  memory_lag(true);
  CHECK(
      "the break may lie beyond the memory that a thread sees",
      try_malloc(300000) && (switch_instance(2), memory_seen() == 2) && try_malloc(100) && sound());
  CHECK("a growth by one that sees less is where memory really ended",
        try_malloc(200000) && memory_seen() == memory_pages() && sound());
  switch_instance(0);
  memory_grow_others(1);
  CHECK("pages of others that a thread does not see are skipped",
        try_malloc(100000) && try_sbrk(100000) && sound());
  for (unsigned i = 0; i < 12; i++) {
    switch_instance(i % INSTANCES);
    if (i % 3 == 0) memory_grow_others(1);
    try_malloc(66000);
    try_sbrk(1000);
  }
  CHECK("threads that see different sizes never overlap", sound());
}

static void test_lag_and_rest(void) {
  fresh(2, 5, BASE);
  memory_lag(true);
  try_sbrk(70000);
  word rest = known_end - the_break;
  switch_instance(1);
  CHECK(
      "a thread that does not see the last growth goes on where the break is, and adds no more "
      "than is missing",
      memory_seen() == 2 && try_mini_alloc(rest + 2 * PAGE_SIZE, 1) && memory_pages() == 5 &&
          sound());
}

// The growth lands behind pages that were not seen, too small for what was wanted there.
static void test_growth_in_vain(void) {
  fresh_pair(2, 12);
  memory_lag(true);
  try_malloc(50000);
  memory_grow_others(4);
  CHECK("a growth that landed elsewhere is followed by another",
        try_malloc(100000) && memory_growths() >= 2 && sound());
  fresh_pair(2, 8);
  memory_lag(true);
  memory_grow_others(4);
  CHECK("if that is refused, so is the request, and nothing is harmed",
        !try_malloc(120000) && try_malloc(1000) && sound());
}

static void test_lag_at_the_end(void) {
#if REACHES_THE_END
  fresh_pair(65533, 65536);
  memory_lag(true);
  try_malloc(0x10000);
  word the_last = (word)(known_end - the_break);
  switch_instance(2);
  CHECK("a thread that does not see the last page yet gets what is left of it, and no more",
        memory_seen() < 65536 && (the_last == 0 || try_malloc(the_last)) && sound());
  CHECK("then it is refused",
        !try_malloc(100000) && address(try_sbrk(100000)) == REFUSED_BREAK && sound());
  while (try_malloc(3000)) {
  }
  switch_instance(1);
  while (try_malloc(3000)) {
  }
  CHECK("4 GiB are full for all of them",
        !try_malloc(5000) && !try_realloc(NULL, 70000) && sound());
#endif
}

static void test_instances(void) {
  test_regions();
  test_own_chunk();
  test_realloc_elsewhere();
  test_lag();
  test_lag_and_rest();
  test_growth_in_vain();
  test_lag_at_the_end();
}

#else

static void test_instances(void) {}

#endif
#endif
