// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The C family, line by line of what it promises.
#ifndef NATIVE_FAMILY_H
#define NATIVE_FAMILY_H

#include "lines.h"

enum { BASE = 0x10400 };  // with 2 pages, 64,512 bytes are there before memory has to grow

static const word sizes[] = {0,     1,     7,     8,     9,      15,     16,     17,
                             65535, 65536, 65537, 65544, 131071, 131072, 1000000};

#define LENGTH(table) (sizeof(table) / sizeof *(table))

// Not one of them: alignments that are no power of two.
static const word odd_aligns[] = {0, 3, 6, 12, 24, 100, 65535, 65537, WORD_MAX, WORD_MAX - 7};

static void test_unique_pointers(void) {
  fresh(2, 4, BASE);
  char *a = try_malloc(0), *b = try_malloc(0), *c = try_calloc(0, 5), *d = try_calloc(5, 0);
  char *e = try_realloc(a, 0), *f = try_realloc(NULL, 0), *g = try_aligned_alloc(8, 0);
  char *h = try_posix_memalign(8, 0), *all[] = {a, b, c, d, e, f, g, h};
  bool unique = true;
  for (size_t i = 0; i < LENGTH(all); i++) {
    unique &= all[i] != NULL;
    for (size_t j = 0; j < i; j++)
      unique &= all[i] != all[j];
  }
  CHECK("a request for no bytes returns a pointer that nothing else returned", unique);
  CHECK("malloc(0) takes as much as malloc(1)", b - a == (ptrdiff_t)ALIGNMENT);
  CHECK("requests for no bytes leave the heap sound", sound());
}

static void test_sizes(void) {
  bool got = true, apart = true;
  for (size_t i = 0; i < LENGTH(sizes); i++) {
    fresh(2, 64, BASE);
    got &= try_malloc(sizes[i]) && try_malloc(sizes[i]) && try_calloc(1, sizes[i]) && sound();
    fresh(2, 64, BASE + 1);
    got &= try_mini_alloc(3, 1) && try_malloc(sizes[i]) && sound();
    word after = padding(bump_pointer(), ALIGNMENT) + bump_pointer();
    apart &= address(try_malloc(1)) == after;
  }
  CHECK("malloc and calloc give every size around the limits of words and pages", got);
  CHECK("the next block begins right after the one before, rounded up once", apart);
}

static void test_calloc(void) {
  word half = (word)1 << (WORD_BITS / 2);
  fresh(2, 4, BASE);
  try_malloc(10);
  bool refused_all = !try_calloc(half, half) && !try_calloc(WORD_MAX, 2) &&
                     !try_calloc(WORD_MAX / 2 + 2, 2) && !try_calloc(WORD_MAX, WORD_MAX);
  CHECK("calloc refuses a product that overflows with ENOMEM and changes nothing",
        refused_all && sound());
  CHECK("after that the next small request succeeds", try_calloc(4, 4) && sound());
  CHECK("calloc takes one word less than the overflow for what it is",
        !try_calloc(WORD_MAX, 1) && !try_calloc(1, WORD_MAX) && sound());
}

static void test_impossible_sizes(void) {
  static const word far[] = {WORD_MAX,       WORD_MAX - 1, WORD_MAX - 7,    -PAGE_SIZE,
                             -PAGE_SIZE + 1, WORD_MAX / 2, WORD_MAX / 2 + 1};
  bool refused_all = true;
  for (unsigned warm = 0; warm < 2; warm++) {
    for (size_t i = 0; i < LENGTH(far); i++) {
      fresh(2, 16, BASE);
      if (warm) try_realloc(NULL, 100);
      refused_all &= !try_malloc(far[i]) && !try_calloc(far[i], 1) && !try_mini_alloc(far[i], 1);
      refused_all &= !try_aligned_alloc(64, far[i]) && !try_posix_memalign(4096, far[i]);
      refused_all &= !try_realloc(NULL, far[i]) && !try_mini_alloc(far[i], PAGE_SIZE);
      refused_all &= !try_realloc(pointer(last_block), far[i]);
      refused_all &= memory_pages() == 2 && try_malloc(8) && sound();
    }
  }
  CHECK("a size that cannot fit is refused with ENOMEM by all, and the next small one succeeds",
        refused_all);
}

static void test_odd_alignments(void) {
  fresh(2, 16, BASE);
  bool refused_all = true;
  for (unsigned warm = 0; warm < 2; warm++) {
    for (size_t i = 0; i < LENGTH(odd_aligns); i++) {
      word align = odd_aligns[i];
      refused_all &= !try_aligned_alloc(align, 8) && !try_memalign(align, 8) && sound();
      refused_all &= !try_mini_alloc(8, align) && !try_mini_alloc_zeroed(0, align) && sound();
      refused_all &= !try_aligned_alloc(align, WORD_MAX) && sound();
    }
    if (!warm) refused_all &= try_malloc(5) != NULL;
  }
  CHECK("an alignment that is no power of two is refused with EINVAL, and changes nothing",
        refused_all);
}

static void test_aligned_alloc(void) {
  fresh(2, 64, BASE);
  bool got = true;
  for (unsigned bit = 0; bit <= 18; bit++) {
    got &= try_aligned_alloc((word)1 << bit, 3) && try_memalign((word)1 << bit, 5);
    if (sizeof(void *) <= (size_t)1 << bit) got &= try_posix_memalign((word)1 << bit, 7) != NULL;
  }
  CHECK("aligned_alloc, memalign and posix_memalign give every alignment up to four pages",
        got && sound());
}

static void test_posix_memalign(void) {
  fresh(2, 2, BASE);
  static const word aligns[] = {0, 1, 2, 3, 4, 12, 24, 40, 65537};
  for (size_t i = 0; i < LENGTH(aligns); i++)
    try_posix_memalign(aligns[i], 8);
  CHECK("posix_memalign returns EINVAL for what no pointer can be aligned to, errno untouched",
        sound());
  void *out = &live;
  errno = NO_ERROR;
  int error = posix_memalign(&out, 16, 1000000);
  CHECK("posix_memalign returns ENOMEM, and leaves errno and its result alone",
        error == ENOMEM && errno == NO_ERROR && out == &live && try_posix_memalign(16, 8));
  CHECK("posix_memalign leaves the heap sound", sound());
}

static void test_free(void) {
  fresh(2, 4, BASE);
  char *a = try_malloc(100), *b = try_malloc(100);
  try_free(NULL);
  try_free(a);
  try_free(a);
  try_free(b);
  char *c = try_malloc(100);
  CHECK("free does nothing, be it of NULL, of a block, or twice", c > b && b > a && sound());
}

static void test_realloc_as_malloc(void) {
  fresh(2, 4, BASE);
  char *a = try_malloc(20), *b = try_realloc(NULL, 20), *c = try_malloc(20);
  CHECK("realloc(NULL, n) is malloc(n)", b - a == c - b && sound());
  CHECK(
      "reallocarray refuses a product that overflows, and the block stays",
      !try_reallocarray(b, WORD_MAX, 2) && !try_reallocarray(NULL, WORD_MAX / 2 + 1, 2) && sound());
  CHECK("reallocarray makes what realloc makes", try_reallocarray(b, 30, 30) && sound());
}

static void test_other_names(void) {
  fresh(2, 4, BASE);
  char *first = try_malloc(64), *p = emscripten_builtin_malloc(64), *q = __libc_malloc(64);
  char *r = emscripten_builtin_calloc(8, 8), *s = __libc_calloc(4, 16);
  char *t = emscripten_builtin_memalign(64, 64);
  char *u = emscripten_builtin_realloc(NULL, 16), *v = __libc_realloc(u, 32);
  emscripten_builtin_free(p);
  __libc_free(q);
  bool row = p - first == 64 && q - p == 64 && r - q == 64 && s - r == 64 && t == s + 64;
  CHECK("the names that libraries use give out of the same heap", row && u == t + 64 && v == u);
  word bump = bump_pointer();
  CHECK("malloc_trim gives nothing back", malloc_trim(0) == 0 && bump_pointer() == bump && sound());
}

static void test_info(void) {
  mini_alloc_info info;
  fresh(2, 4, BASE + 3);
  mini_alloc_get_info(&info);
  CHECK("before the first request nothing is ours, and the heap begins at its base",
        info.base == BASE + 3 && info.bump == info.base && info.limit == info.base &&
            info.pages == 2);
  char *p = try_mini_alloc(100, 1);
  mini_alloc_get_info(&info);
  CHECK("then the bump pointer is the end of the last block",
        address(p) == info.base && info.bump == info.base + 100 && info.limit == 2 * PAGE_SIZE &&
            info.pages == 2);
}

static void test_family(void) {
  test_unique_pointers();
  test_sizes();
  test_calloc();
  test_impossible_sizes();
  test_odd_alignments();
  test_aligned_alloc();
  test_posix_memalign();
  test_free();
  test_realloc_as_malloc();
  test_other_names();
  test_info();
}

#endif
