// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A script made in a loop within wasm, for the clock: no call of JavaScript is timed. One module
// for each allocator. Whoever replays writes calls to script_at(), at most script_capacity() at a
// time; what they return stays in a table, which outlives the replay, so that the compiler can
// leave out none of them, and a long script can be given in pieces.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef WITH_MINI_ALLOC
#include <mini_alloc.h>
#endif

#define EXPORT(name) __attribute__((export_name(#name)))

enum { MOST_CALLS = 16384, MOST_SLOTS = 65536 };

// Places in FORMS of demo/engine/calls.js, and one more.
enum { MALLOC, CALLOC, REALLOC, FREE, ALIGNED_ALLOC, MINI_ALLOC, MARK, RESET, REALLOC_NULL };

typedef struct {
  uint32_t op;
  uint32_t first;  // arguments in the order of C, without the block or the mark
  uint32_t second;
  uint32_t slot;  // where the block is, or goes: 0 if nobody asks for it again, 1 for NULL
} call;

static call script[MOST_CALLS];
static uintptr_t table[MOST_SLOTS];

EXPORT(script_at) call *script_at(void) {
  return script;
}

EXPORT(script_capacity) size_t script_capacity(void) {
  return MOST_CALLS;
}

EXPORT(slot_capacity) size_t slot_capacity(void) {
  return MOST_SLOTS;
}

static void resize(uintptr_t *slot, size_t size) {
  const uintptr_t moved = (uintptr_t)realloc((void *)*slot, size);
  // Refused, the block is as it was; for no bytes, NULL may mean freed.
  if (moved != 0 || size == 0) *slot = moved;
}

static void make(const call *one) {
  uintptr_t *slot = &table[one->slot];
  switch (one->op) {
    case MALLOC:
      *slot = (uintptr_t)malloc(one->first);
      break;
    case CALLOC:
      *slot = (uintptr_t)calloc(one->first, one->second);
      break;
    case REALLOC:
      resize(slot, one->first);
      break;
    case REALLOC_NULL:
      *slot = (uintptr_t)realloc(NULL, one->first);
      break;
    case FREE:
      free((void *)*slot);
      *slot = 0;
      break;
    case ALIGNED_ALLOC:
      *slot = (uintptr_t)aligned_alloc(one->first, one->second);
      break;
#ifdef WITH_MINI_ALLOC
    case MINI_ALLOC:
      *slot = (uintptr_t)mini_alloc(one->first, one->second);
      break;
    case MARK:
      *slot = mini_alloc_mark();
      break;
    case RESET:
      mini_alloc_reset(*slot);
      break;
#endif
    default:  // no call: what the loop itself takes
      break;
  }
}

// Makes the first `count` calls of the script, `rounds` times, on the heap as it is.
EXPORT(replay) void replay(uint32_t count, uint32_t rounds) {
  for (uint32_t round = 0; round < rounds; round++) {
    for (uint32_t i = 0; i < count; i++)
      make(&script[i]);
  }
}
