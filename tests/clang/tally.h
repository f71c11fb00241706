// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a small contract does with memory, without a C library: reads lines `NAME AMOUNT`, adds up
// the amounts of each name in a hash map, and digests the sums. Each line also leaves a receipt, a
// block full of a pattern that is verified at the end.
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

typedef struct account {
  uint64_t hash, sum;
  size_t length;
  char name[];
} account;

typedef struct receipt {
  size_t size;
  unsigned char bytes[];
} receipt;

// `slots` is a hash map with room for `capacity` accounts, a power of two.
typedef struct tally {
  account **slots, **accounts;
  receipt **receipts;
  size_t capacity, account_count, receipt_count;
  size_t dirty;  // fresh slots that were not zero
} tally;

static inline uint64_t fnv1a(uint64_t hash, const void *bytes, size_t size) {
  const unsigned char *at = bytes;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ at[i]) * 0x100000001b3U;
  return hash;
}
#define FNV1A_START 0xcbf29ce484222325U

// Where the account is, or where it would be put.
static inline account **slot_of(const tally *t, uint64_t hash, const char *name, size_t length) {
  for (size_t i = (size_t)hash;; i++) {
    account **slot = &t->slots[i & (t->capacity - 1)], *a = *slot;
    if (!a || (a->hash == hash && a->length == length &&
               fnv1a(FNV1A_START, a->name, length) == fnv1a(FNV1A_START, name, length)))
      return slot;
  }
}

static inline bool widen(tally *t) {
  tally wider = *t;
  wider.capacity = t->capacity ? 2 * t->capacity : 8;
  wider.slots = calloc(wider.capacity, sizeof *wider.slots);
  if (!wider.slots) return false;
  for (size_t i = 0; i < wider.capacity; i++)
    wider.dirty += wider.slots[i] != 0;
  for (size_t i = 0; i < t->account_count; i++) {
    account *a = t->accounts[i];
    *slot_of(&wider, a->hash, a->name, a->length) = a;
  }
  free(t->slots);
  *t = wider;
  return true;
}

// Makes room in a list of pointers for one more. Its room doubles each time: it is a power of two.
static inline bool extend(void *list, size_t count) {
  void ***pointers = list;
  if ((count & (count - 1)) != 0) return true;
  void **longer = realloc(*pointers, (count ? 2 * count : 1) * sizeof *longer);
  if (longer) *pointers = longer;
  return longer != NULL;
}

static inline account *account_of(tally *t, const char *name, size_t length) {
  if (2 * t->account_count >= t->capacity && !widen(t)) return NULL;
  uint64_t hash = fnv1a(FNV1A_START, name, length);
  account **slot = slot_of(t, hash, name, length);
  if (*slot) return *slot;
  account *a = malloc(sizeof *a + length);
  if (!a || !extend(&t->accounts, t->account_count)) return NULL;
  *a = (account){.hash = hash, .length = length};
  __builtin_memcpy(a->name, name, length);
  t->accounts[t->account_count++] = a;
  return *slot = a;
}

static inline unsigned char receipt_byte(size_t number, size_t at) {
  return (unsigned char)(number * 37 + at * 11 + 1);
}

static inline bool leave_receipt(tally *t, size_t size) {
  receipt *r = malloc(sizeof *r + size);
  if (!r || !extend(&t->receipts, t->receipt_count)) return false;
  r->size = size;
  for (size_t i = 0; i < size; i++)
    r->bytes[i] = receipt_byte(t->receipt_count, i);
  t->receipts[t->receipt_count++] = r;
  return true;
}

// Takes a whole text. False if it is malformed, or no memory is left.
static inline bool take(tally *t, const char *text, size_t size) {
  for (const char *at = text, *end = text + size; at != end;) {
    const char *name = at;
    while (at != end && *at > ' ')
      at++;
    size_t length = (size_t)(at - name), digits = 0;
    if (length == 0 || at == end || *at++ != ' ') return false;
    uint64_t amount = 0;
    for (; at != end && *at >= '0' && *at <= '9'; digits++)
      amount = amount * 10 + (uint64_t)(*at++ - '0');
    if (digits == 0 || at == end || *at++ != '\n') return false;
    account *a = account_of(t, name, length);
    if (!a || !leave_receipt(t, (size_t)amount % 64)) return false;
    a->sum += amount;
  }
  return true;
}

// FNV-1a of the names and the bytes of their sums, in the order in which the names came.
static inline uint64_t digest(const tally *t) {
  uint64_t hash = FNV1A_START;
  for (size_t i = 0; i < t->account_count; i++) {
    const account *a = t->accounts[i];
    hash = fnv1a(hash, a->name, a->length);
    hash = fnv1a(hash, &a->sum, sizeof a->sum);
  }
  return hash;
}

// Blocks that are not what they were.
static inline size_t damaged(const tally *t) {
  size_t count = t->dirty;
  for (size_t n = 0; n < t->receipt_count; n++) {
    const receipt *r = t->receipts[n];
    size_t i = 0;
    while (i < r->size && r->bytes[i] == receipt_byte(n, i))
      i++;
    count += i < r->size;
  }
  return count;
}

#endif
