// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The program of most modes: the checking workload, printing in between, which fails if
// Emscripten's JavaScript has not been told of a growth.
//
// TOTAL: the bytes to ask for, 24 MB if not given. EXHAUST: more than there is; it has to be
// refused, and what there is has to be had first. STEP: what memory must be a multiple of.

#include "workload.h"

#include <errno.h>

#ifndef TOTAL
#define TOTAL 24000000
#endif
#ifndef EXHAUST
#define EXHAUST 0
#endif

static struct workload work;

int main(void) {
  enum { ROUNDS = 6 };
  for (int i = 0; i < ROUNDS; i++) {
    workload_allocate(&work, TOTAL / ROUNDS);
    printf("%d blocks, %zu bytes\n", work.count, work.total);
  }
  if (EXHAUST) {
    CHECK("memory ends, with NULL and ENOMEM", work.refused && errno == ENOMEM);
    CHECK("most of it was had", work.total > EXHAUST);
  } else {
    CHECK("all was had that was asked for", !work.refused && work.total >= TOTAL);
  }
#ifdef STEP
  CHECK("memory has grown by whole steps", __builtin_wasm_memory_size(0) * 65536 % STEP == 0);
#endif
#ifdef WITH_MINI_ALLOC
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  CHECK("the blocks lie in our heap", info.limit - info.base >= work.total);
#endif
  workload_verify(&work);
  workload_report(&work, "the blocks");
  int chars = 0;
  for (int i = 0; i < work.count; i++) {
    char text[32];
    chars += snprintf(text, sizeof text, "%d %zu\n", i, work.blocks[i].size);
  }
  CHECK("printf works on after growth", chars > work.count * 4);
  workload_free(&work);
  return checks_done();
}
