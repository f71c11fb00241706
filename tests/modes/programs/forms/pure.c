// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The workload for a host without Emscripten's JavaScript, and without WASI: nothing is printed,
// the host asks for the counts. (host.js)

#include "../../workload.h"

static struct workload work;

__attribute__((export_name("allocate"))) int allocate(size_t bytes) {
  workload_allocate(&work, bytes);
  return work.refused == 0;
}

// 0 dirty, 1 misaligned, 2 overlapping, 3 damaged; 4 the blocks that were read for it.
__attribute__((export_name("count"))) int count(int what) {
  workload_verify(&work);
  switch (what) {
    case 0:
      return work.dirty;
    case 1:
      return work.misaligned;
    case 2:
      return work.overlapping;
    case 3:
      return work.damaged;
    default:
      return work.count;
  }
}
