// SPDX-License-Identifier: MIT OR Apache-2.0
//
// mini_alloc: nothing is rounded, and every power of two is an alignment.
#ifndef NATIVE_ALIGNMENT_H
#define NATIVE_ALIGNMENT_H

#include "family.h"

// The largest alignment for which there is a multiple above the heap base.
#define MOST_ALIGN_BIT (MOST_PAGES == 65536 ? 31u : 30u)

static void test_packing(void) {
  fresh(2, 4, BASE + 1);
  char *a = try_mini_alloc(3, 1), *b = try_mini_alloc(1, 1), *c = try_mini_alloc_zeroed(2, 2);
  char *d = try_mini_alloc(5, 4), *e = try_malloc(1);
  CHECK("with alignment 1 the next block begins at the very next byte", b == a + 3);
  CHECK("padding is no more than the alignment needs",
        c == b + 1 + padding(address(b + 1), 2) && d == c + 2 + padding(address(c + 2), 4));
  CHECK("malloc after it starts at a multiple of its own alignment",
        address(e) == address(d + 5) + padding(address(d + 5), ALIGNMENT) && sound());
}

static void test_no_bytes(void) {
  fresh(2, 2, BASE);
  char *first = try_mini_alloc(0, 1);
  CHECK("mini_alloc(0) as the first request returns the heap base", address(first) == BASE);
  char *a = try_mini_alloc(0, 8), *b = try_mini_alloc(0, 8), *c = try_mini_alloc(5, 1);
  CHECK("mini_alloc(0) returns the bump pointer, which does not move", a == b && b == c);
  char *d = try_mini_alloc(0, 16);
  CHECK("rounded up to the alignment", d == c + 5 + padding(address(c + 5), 16));
  try_mini_alloc(room, 1);
  CHECK("mini_alloc(0) succeeds where memory is full, short of 4 GiB",
        room == 0 && try_mini_alloc(0, 8) && !try_mini_alloc(1, 1) && sound());
  fresh(1, 1, PAGE_SIZE);
  CHECK("with no memory at all it is refused, as everything",
        !try_mini_alloc(0, 1) && !try_malloc(0) && sound());
  fresh(1, 2, PAGE_SIZE);
  CHECK("and grows a page to have an address", try_mini_alloc(0, 1) && memory_pages() == 2);
}

// One block of each alignment, as the first request, after a block, after sbrk, behind others.
static bool align_everywhere(word align) {
  bool got = true;
  for (unsigned kind = 0; kind < 5; kind++) {
    fresh(2, MOST_PAGES - (MOST_PAGES == 65536), BASE);
    if (kind > 0) try_mini_alloc(3, 1);
    if (kind == 2) try_sbrk(5);
    if (kind >= 3) memory_grow_others(1);
    if (kind == 4) try_malloc(room + 1);
    word size = kind % 2 ? 1 : 70000;
    got &= try_mini_alloc(size, align) && sound();
    got &= try_mini_alloc_zeroed(0, align <= PAGE_SIZE ? align : 1) && try_malloc(1) && sound();
  }
  return got;
}

static void test_all_alignments(void) {
  bool got = true;
  for (unsigned bit = 0; bit <= MOST_ALIGN_BIT; bit++)
    got &= align_everywhere((word)1 << bit);
  CHECK("every power of two is honored, as the first request and after any other", got);
}

// Too much at any alignment: 8 pages may be had, and none of 2^k bytes is among them from bit 20
// up.
static void test_alignments_refused(void) {
  bool refused_warm = true, refused_cold = true, literally = true, fits = true;
  for (unsigned bit = 20; bit < WORD_BITS; bit++) {
    word align = (word)1 << bit;
    fresh(2, 8, BASE);
    refused_cold &= !try_mini_alloc(1, align) && !try_mini_alloc(0, align) && sound();
    refused_cold &= !try_mini_alloc(-align, align) && !try_mini_alloc(1 - align, align);
    refused_cold &= try_malloc(1) && sound();
    refused_warm &= !try_mini_alloc(1, align) && !try_aligned_alloc(align, -align) && sound();
    fresh(2, 8, BASE);
    begin_call();
    mini_alloc(1, align);
    expect_unchanged();
    literally &= sound();
    fresh(2, 8, BASE);
    try_malloc(1);
    try_sbrk(1);
    word left = room & -ALIGNMENT;
    begin_call();
    mini_alloc(1, align);
    expect_unchanged();
    literally &= sound();
    fits &= malloc(left) != NULL;
  }
  fresh(2, 8, BASE);
  refused_warm &= try_malloc(8) && !try_mini_alloc(WORD_MAX - 100, 2 * PAGE_SIZE) && sound();
  CHECK("an alignment that memory does not reach is refused as the first request", refused_cold);
  CHECK("and later, with nothing changed", refused_warm);
  CHECK("what fitted before it still fits", fits);
  CHECK("I5: it leaves a heap that has not started, or where sbrk was, as it was", literally);
}

static void test_exact_padding(void) {
  if (THREADS) return;  // there it takes room for the worst case
  fresh(2, 5, BASE);
  try_malloc(1);
  char *p = try_mini_alloc(PAGE_SIZE, 2 * PAGE_SIZE);
  CHECK("an alignment beyond a page takes no more memory than its padding",
        address(p) == 2 * PAGE_SIZE && memory_pages() == 3 && sound());
  p = try_mini_alloc(PAGE_SIZE, 4 * PAGE_SIZE);
  CHECK("up to the last page there may be",
        address(p) == 4 * PAGE_SIZE && memory_pages() == 5 && sound());
}

// Right below a multiple: little padding is needed behind sbrk, and much in what is ours.
static void test_padding_behind_sbrk(void) {
  fresh(2, 8, BASE);
  try_malloc(8);
  try_sbrk(4 * PAGE_SIZE - 16 - the_break);
  char *p = try_mini_alloc(8, 2 * PAGE_SIZE);
  CHECK("an alignment that cannot be had in our region is found behind sbrk",
        address(p) >= 4 * PAGE_SIZE && (THREADS || address(p) == 4 * PAGE_SIZE) && sound());
}

static void test_alignment(void) {
  test_packing();
  test_no_bytes();
  test_all_alignments();
  test_alignments_refused();
  test_exact_padding();
  test_padding_behind_sbrk();
}

#endif
