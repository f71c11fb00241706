// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A program that imports nothing: makes a text of transfers from a seed, and tallies it.

#include <mini_alloc.h>

#include "tally.h"

#define EXPORT(name) __attribute__((export_name(#name)))

static tally ledger;

static uint32_t state;

static uint32_t next_random(void) {
  state = state * 1664525 + 1013904223;
  return state >> 8;
}

// The text grows with realloc, a byte at a time.
typedef struct text {
  char *bytes;
  size_t size;
} text;

static bool put(text *t, char byte) {
  char *longer = realloc(t->bytes, t->size + 1);
  if (!longer) return false;
  t->bytes = longer;
  longer[t->size++] = byte;
  return true;
}

// A name of 1 to 3 letters, a space, and 7 digits at most.
static bool put_transfer(text *t) {
  for (uint32_t name = 1 + next_random() % 900; name; name /= 10)
    if (!put(t, (char)('a' + name % 10))) return false;
  if (!put(t, ' ')) return false;
  uint32_t amount = next_random() % 10000000, unit = 1;
  while (amount / unit >= 10)
    unit *= 10;
  for (; unit; unit /= 10)
    if (!put(t, (char)('0' + amount / unit % 10))) return false;
  return put(t, '\n');
}

// The digest of so many transfers; 0 if memory did not suffice. Once for each instance.
EXPORT(tally_transfers) uint64_t tally_transfers(uint32_t seed, uint32_t count) {
  text t = {0};
  state = seed;
  for (uint32_t i = 0; i < count; i++)
    if (!put_transfer(&t)) return 0;
  return take(&ledger, t.bytes, t.size) ? digest(&ledger) : 0;
}

EXPORT(damaged_blocks) size_t damaged_blocks(void) {
  return damaged(&ledger);
}

EXPORT(account_count) size_t account_count(void) {
  return ledger.account_count;
}

// Base, bump pointer, limit and pages, by their numbers.
EXPORT(info) uintptr_t info(int field) {
  mini_alloc_info now;
  mini_alloc_get_info(&now);
  return (uintptr_t[]){now.base, now.bump, now.limit, now.pages}[field];
}
