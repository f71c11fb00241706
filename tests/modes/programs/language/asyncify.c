// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Sleeps in the middle of allocating, many frames deep: the stack is unwound and rewound, and what
// runs in between allocates too.

#include <emscripten.h>

#include "../../workload.h"

enum { SLEEPS = 40 };

static struct workload work, meanwhile;
static int ticks;

EMSCRIPTEN_KEEPALIVE void tick(void) {
  ticks++;
  workload_allocate(&meanwhile, 100000);
}

// No arrow functions: clang-format would take them apart.
EM_JS(void, tick_every_millisecond, (void), {
  globalThis.ticking = setInterval(
      function() { Module["_tick"](); }, 1);
});
EM_JS(void, stop_ticking, (void), { clearInterval(globalThis.ticking); });

static int descend(int depth, int number) {
  unsigned char *block = malloc(500);
  struct workload_block b = {block, 500, (uint32_t)(number * 100 + depth), 1};
  if (block == NULL) return 0;
  workload_write(b);
  workload_allocate(&work, 20000);
  if (depth == 0) emscripten_sleep(2);
  int whole = depth == 0 || descend(depth - 1, number);
  workload_allocate(&work, 1000);
  whole = whole && workload_holds(b, b.size);
  free(block);
  return whole;
}

int main(void) {
  int whole = 1;
  meanwhile.random = 99;
  meanwhile.last = 1000000;
  tick_every_millisecond();
  for (int i = 0; i < SLEEPS; i++)
    whole = descend(10, i) && whole;
  stop_ticking();
  printf("%d ticks while asleep\n", ticks);
  CHECK("others ran while the program slept", ticks > 5);
  CHECK("blocks made before a sleep keep what was written", whole);
  CHECK("all was had that was asked for", !work.refused && !meanwhile.refused);
  workload_verify(&work);
  workload_verify(&meanwhile);
  workload_report(&work, "the sleeper's blocks");
  workload_report(&meanwhile, "the others' blocks");
  return checks_done();
}
