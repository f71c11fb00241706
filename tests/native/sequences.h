// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Long random sequences of calls, the same in every run.
#ifndef NATIVE_SEQUENCES_H
#define NATIVE_SEQUENCES_H

#include "tape.h"

#ifndef SEQUENCES
#define SEQUENCES 1500
#endif

static uint64_t random_state;

// xorshift64*, Vigna 2014.
static uint8_t random_byte(void) {
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (uint8_t)(random_state * 2685821657736338717u >> 56);
}

static void test_sequences(void) {
  static uint8_t bytes[4096];
  unsigned played = 0, failed = 0, all_calls = 0;
  random_state = 20261122;
  while (played < SEQUENCES && failed == 0) {
    for (size_t i = 0; i < sizeof bytes; i++)
      bytes[i] = random_byte();
    failed += !play(bytes, 64 + random_byte() * 15u);
    all_calls += calls;
    played++;
  }
  if (failed) fprintf(stderr, "# sequence %u\n", played);
  printf("# %u calls in %u random sequences\n", all_calls, played);
  CHECK("no random sequence of calls breaks an invariant or harms a block", failed == 0);
}

#endif
