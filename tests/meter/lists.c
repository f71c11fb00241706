// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A module of integers with something of everything that compilers make: lists, a table that
// grows, sorting by a comparison that is passed, a switch, recursion, 64-bit arithmetic, memory
// that is copied and filled.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

struct item {
  struct item *next;
  uint64_t key;
  unsigned char text[40];
};

static uint64_t hash(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccd;
  return (x << 21 | x >> 43) % 1000003;
}

static int by_key(const void *a, const void *b) {
  uint64_t left = (*(struct item *const *)a)->key, right = (*(struct item *const *)b)->key;
  return (left > right) - (left < right);
}

static int64_t step(int64_t sum, uint64_t key) {
  switch (key % 7) {
    case 0:
      return sum + (int64_t)key;
    case 1:
      return sum - (int64_t)key;
    case 2:
      return sum ^ (int64_t)(key << __builtin_clzll(key | 1));
    case 3:
      return -sum / 3;
    case 4:
      return sum * 31 + (int32_t)key;
    case 5:
      return sum + (int8_t)key + (int16_t)key + __builtin_popcountll(key);
    default:
      return ~sum;
  }
}

static int depth(const struct item *item) {
  return item ? 1 + depth(item->next) : 0;
}

// Makes a list of as many items, sorts them, and returns a number that depends on all of it.
EXPORT(lists) int64_t lists(int items) {
  struct item *first = NULL, **table = NULL;
  int64_t sum = 0;
  for (int i = 0; i < items; i++) {
    struct item *item = i % 3 == 0 ? calloc(1, sizeof *item) : malloc(sizeof *item);
    if (!item) return -1;
    item->next = first;
    item->key = hash((uint64_t)i * 0x9e3779b97f4a7c15);
    memset(item->text, i, sizeof item->text);
    if (first) memcpy(item->text + i % 8, first->text, sizeof item->text - 8);
    first = item;
    if ((i & (i - 1)) == 0) {
      table = realloc(table, sizeof *table * (size_t)(i ? 2 * i : 1));
      if (!table) return -1;
    }
    table[i] = item;
  }
  qsort(table, (size_t)items, sizeof *table, by_key);
  sum = depth(first);
  for (int i = 0; i < items; i++) {
    sum = step(sum, table[i]->key) + table[i]->text[i % 40];
    free(table[i]);
  }
  free(table);
  return sum;
}
