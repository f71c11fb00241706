// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Wasm Workers that allocate at once while memory grows, and then each go on with the blocks of
// the next one; main verifies all at the end, when their last words have come to it.

#include <emscripten.h>
#include <emscripten/wasm_worker.h>
#include <stdatomic.h>

#include "../../workload.h"

enum { WORKERS = 3, EACH = 4000000 };

static struct workload works[WORKERS];
static atomic_int begun, halfway, ended;

static void wait_for_all(atomic_int *count) {
  (*count)++;
  while (*count < WORKERS) {
  }
}

static void work(int number) {
  struct workload *mine = &works[number], *theirs = &works[(number + 1) % WORKERS];
  mine->random = (uint32_t)number;
  mine->last = (uint32_t)number * 1000003;
  wait_for_all(&begun);
  workload_allocate(mine, EACH);
  wait_for_all(&halfway);
  workload_verify(theirs);
  workload_allocate(theirs, EACH / 2);
  ended++;
}

static int report(void) {
  int refused = 0;
  for (int t = 0; t < WORKERS; t++) {
    char who[32];
    snprintf(who, sizeof who, "worker %d", t);
    workload_verify(&works[t]);
    workload_report(&works[t], who);
    refused += works[t].refused;
  }
#ifdef WITH_MINI_ALLOC  // others refuse a request when another thread has just grown memory
  CHECK("all was had that was asked for", refused == 0);
#endif
  return checks_done();
}

static void look(void *unused) {
  if (ended == WORKERS) {
    emscripten_terminate_all_wasm_workers();  // or Node would wait for them
    emscripten_force_exit(report());
  }
  emscripten_async_call(look, unused, 20);
}

int main(void) {
  for (int t = 0; t < WORKERS; t++) {
    emscripten_wasm_worker_t worker = emscripten_malloc_wasm_worker(64 * 1024);
    emscripten_wasm_worker_post_function_vi(worker, work, t);
  }
  look(NULL);
  emscripten_exit_with_live_runtime();
}
