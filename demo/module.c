// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the demo instantiates: one module for each allocator, without a main and without
// Emscripten's JavaScript. The allocator's own functions are exported by the linker; these are the
// places of the memory, which nobody shall compute: where data, stack and heap lie differs by
// version of Emscripten.
//
// With WITH_MINI_ALLOC, `bump` and `limit` are what mini_alloc_get_info says. Any other allocator
// has no such words: there `bump` is the break, the end of what it has taken, and `limit` the end
// of the memory.
#include <emscripten/stack.h>
#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef WITH_MINI_ALLOC
#include <mini_alloc.h>
#endif

#define EXPORT(name) __attribute__((export_name(#name)))

extern unsigned char __global_base, __data_end, __heap_base;

EXPORT(data_begin) uintptr_t data_begin(void) {
  return (uintptr_t)&__global_base;
}

EXPORT(data_end) uintptr_t data_end(void) {
  return (uintptr_t)&__data_end;
}

// The stack in linear memory, which grows down from its top. The wasm locals are not in it.
EXPORT(stack_top) uintptr_t stack_top(void) {
  return emscripten_stack_get_base();
}

EXPORT(stack_bottom) uintptr_t stack_bottom(void) {
  return emscripten_stack_get_end();
}

EXPORT(heap_base) uintptr_t heap_base(void) {
  return (uintptr_t)&__heap_base;
}

// What malloc promises.
EXPORT(alignment) size_t alignment(void) {
  return alignof(max_align_t);
}

EXPORT(pages) size_t pages(void) {
  return __builtin_wasm_memory_size(0);
}

EXPORT(get_errno) int get_errno(void) {
  return errno;
}

#ifdef WITH_MINI_ALLOC

static mini_alloc_info info(void) {
  mini_alloc_info now;
  mini_alloc_get_info(&now);
  return now;
}

EXPORT(bump) uintptr_t bump(void) {
  return info().bump;
}

EXPORT(limit) uintptr_t limit(void) {
  return info().limit;
}

#else

EXPORT(bump) uintptr_t bump(void) {
  return (uintptr_t)sbrk(0);
}

EXPORT(limit) uintptr_t limit(void) {
  return pages() * 65536;
}

#endif
