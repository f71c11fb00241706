// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a program took, on stderr: this differs between allocators, and stdout must not.
#ifndef FOOTPRINT_H
#define FOOTPRINT_H

#include <stdio.h>

#ifdef WITH_MINI_ALLOC
#include "mini_alloc.h"

// That the bump pointer has moved is also the proof that malloc was ours.
static inline void report_footprint(void) {
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  fprintf(stderr, "mini_alloc: %zu bytes given out, %zu free, %zu pages\n",
          (size_t)(info.bump - info.base), (size_t)(info.limit - info.bump), info.pages);
}

#else

static inline void report_footprint(void) {
  fprintf(stderr, "memory: %zu pages\n", (size_t)__builtin_wasm_memory_size(0));
}

#endif
#endif
