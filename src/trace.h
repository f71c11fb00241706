// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reports of what malloc and its family do to Emscripten's --memoryprofiler and --tracing, which
// compile with __EMSCRIPTEN_TRACING__. Without it there is nothing here.
#ifndef MINI_ALLOC_TRACE_H
#define MINI_ALLOC_TRACE_H

#include <stddef.h>

#ifdef __EMSCRIPTEN_TRACING__

#include <emscripten/trace.h>

static inline void *traced(void *block, size_t size) {
  if (block) emscripten_trace_record_allocation(block, (int32_t)size);
  return block;
}
static inline void *retraced(void *old, void *block, size_t size) {
  if (!old) return traced(block, size);
  if (block) emscripten_trace_record_reallocation(old, block, (int32_t)size);
  return block;
}
static inline void trace_free(void *block) {
  if (block) emscripten_trace_record_free(block);
}

#else

static inline void *traced(void *block, size_t size) {
  (void)size;
  return block;
}
static inline void *retraced(void *old, void *block, size_t size) {
  (void)old;
  (void)size;
  return block;
}
static inline void trace_free(void *block) {
  (void)block;
}

#endif
#endif
