// SPDX-License-Identifier: MIT OR Apache-2.0
//
// src/arithmetic.h to its limits, with words of 32 or of 64 bits.
#include "../../src/arithmetic.h"

#include <stddef.h>

#include "../helpers/check.h"

#define LARGEST ((word)-1)
#define BITS (sizeof(word) * 8)
#define TOP_BIT ((word)1 << (BITS - 1))
#define LENGTH(table) (sizeof(table) / sizeof *(table))

static const word numbers[] = {
    0,       1,           2,           3,       7,           8,          9,
    15,      16,          17,          4095,    4096,        4097,       65534,
    65535,   65536,       65537,       131071,  131072,      131073,     0x7fffffff,
    TOP_BIT, TOP_BIT - 1, TOP_BIT + 1, LARGEST, LARGEST - 1, -PAGE_SIZE, -PAGE_SIZE - 1,
    -16,     -8,          -7,          -65537,
};

static bool padding_is_least(word at, word align) {
  word pad = padding(at, align);
  return pad < align && (word)(at + pad) % align == 0;
}

static bool padding_is_least_everywhere(void) {
  for (unsigned bit = 0; bit < BITS; bit++) {
    for (size_t i = 0; i < LENGTH(numbers); i++) {
      if (!padding_is_least(numbers[i], (word)1 << bit)) return false;
    }
  }
  return true;
}

static void test_padding(void) {
  static const struct {
    word at, align, pad;
  } rows[] = {
      {0, 1, 0},
      {1, 1, 0},
      {LARGEST, 1, 0},
      {0, 8, 0},
      {1, 8, 7},
      {7, 8, 1},
      {8, 8, 0},
      {9, 8, 7},
      {LARGEST, 8, 1},
      {-8, 8, 0},
      {-9, 8, 1},
      {1, 65536, 65535},
      {65536, 65536, 0},
      {1, TOP_BIT, TOP_BIT - 1},
      {TOP_BIT, TOP_BIT, 0},
      {TOP_BIT + 1, TOP_BIT, TOP_BIT - 1},
      {LARGEST, TOP_BIT, 1},
  };
  bool right = true;
  for (size_t i = 0; i < LENGTH(rows); i++)
    right &= padding(rows[i].at, rows[i].align) == rows[i].pad;
  CHECK("padding is what each row of the table says", right);
  CHECK("padding is the least that reaches a multiple, modulo the word",
        padding_is_least_everywhere());
}

static unsigned bits_set(word n) {
  unsigned count = 0;
  for (; n; n &= n - 1)
    count++;
  return count;
}

static void test_powers_of_two(void) {
  bool right = !is_power_of_two(0);
  for (unsigned bit = 0; bit < BITS; bit++)
    right &= is_power_of_two((word)1 << bit);
  CHECK("every power of two is one, and 0 is none", right);
  right = true;
  for (size_t i = 0; i < LENGTH(numbers); i++)
    right &= is_power_of_two(numbers[i]) == (bits_set(numbers[i]) == 1);
  for (word n = 0; n < 70000; n++)
    right &= is_power_of_two(n) == (bits_set(n) == 1);
  CHECK("is_power_of_two says whether one bit is set", right);
}

static bool odd_as_it_should(word align) {
  bool plain = bits_set(align) == 1 && align <= PAGE_SIZE;
  return (odd_alignment(align) == 0) == plain;
}

static void test_odd_alignment(void) {
  bool right = true;
  for (unsigned bit = 0; bit < BITS; bit++)
    right &= odd_as_it_should((word)1 << bit);
  CHECK("no power of two up to a page is odd, and each beyond is", right);
  right = true;
  for (size_t i = 0; i < LENGTH(numbers); i++)
    right &= odd_as_it_should(numbers[i]);
  for (word n = 0; n < 140000; n++)
    right &= odd_as_it_should(n);
  CHECK("0 and whatever is no power of two is odd", right);
}

static void test_pages(void) {
  static const struct {
    word bytes, pages;
  } rows[] = {
      {1, 1},
      {65535, 1},
      {65536, 1},
      {65537, 2},
      {131072, 2},
      {131073, 3},
      {TOP_BIT, TOP_BIT >> PAGE_BITS},
      {TOP_BIT + 1, (TOP_BIT >> PAGE_BITS) + 1},
      {-PAGE_SIZE, (LARGEST >> PAGE_BITS)},
      {-PAGE_SIZE + 1, (LARGEST >> PAGE_BITS) + 1},
      {LARGEST, (LARGEST >> PAGE_BITS) + 1},
  };
  bool right = true;
  for (size_t i = 0; i < LENGTH(rows); i++)
    right &= pages_for(rows[i].bytes) == rows[i].pages;
  CHECK("pages_for is what each row of the table says, up to one page more than can be", right);
}

int main(void) {
  CHECK("a word is as wide as this build wants it", BITS == WANTED_BITS);
  CHECK("a page is 65536 bytes", PAGE_SIZE == 65536);
  test_padding();
  test_powers_of_two();
  test_odd_alignment();
  test_pages();
  return checks_done();
}
