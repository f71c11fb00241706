// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The C library beside us: what we use of it, and how our names stand beside its own. There may be
// none, as with clang for wasm32-unknown-unknown. Its <errno.h> tells.
#ifndef MINI_ALLOC_LIBC_H
#define MINI_ALLOC_LIBC_H

#include "arithmetic.h"

// Emscripten's sanitizers, and programs for it, may bring a malloc that takes precedence over ours.
// Elsewhere a second one is a mistake, and the linker shall tell: WASI's libc has its allocator in
// one piece, and a use of malloc_usable_size would replace our malloc by the one in it, unsaid.
#if defined __wasm__ && !defined __EMSCRIPTEN__
#define WEAK
#else
#define WEAK __attribute__((weak))
#endif

// In Emscripten 3.1.36 to 3.1.70 libc has sbrk, brk and emscripten_get_sbrk_ptr as well. Nobody
// looks for what ours have defined already, except a main module of dynamic linking that takes all
// of libc in (-sMAIN_MODULE=1): there ours give way, and the break is libc's.
#if defined __EMSCRIPTEN__ && __has_include(<emscripten/version.h>)
#include <emscripten/version.h>  // 3.1.6 predefines what is in it
#endif
#ifdef __EMSCRIPTEN_MAJOR__  // later names of the same
#define LIBC_HAS_SBRK 0
#elif __EMSCRIPTEN_major__ == 3 && __EMSCRIPTEN_minor__ == 1
#define LIBC_HAS_SBRK (__EMSCRIPTEN_tiny__ >= 36 && __EMSCRIPTEN_tiny__ <= 70)
#elif !defined LIBC_HAS_SBRK  // the native tests define it
#define LIBC_HAS_SBRK 0
#endif
#if LIBC_HAS_SBRK
#define WEAK_SBRK WEAK
#else
#define WEAK_SBRK
#endif

#if __has_include(<errno.h>)
#include <errno.h>
#else

// What a call returns is all that tells of an error: nobody can read this one.
enum { EINVAL = 28, ENOMEM = 48 };  // WASI's numbers, and Emscripten's
static int errno;

// Where clang may use bulk memory it needs no functions to copy and to clear. Elsewhere it calls
// these, for the program too; a program that has its own keeps them. Eight bytes at a time, at any
// address: WebAssembly takes it, at the same price. no_builtin, or each would be made of a call of
// itself.
#ifndef __wasm_bulk_memory__
#define LIBRARY(...) __attribute__((weak, no_builtin(__VA_ARGS__)))
typedef uint64_t __attribute__((aligned(1), may_alias)) eight;

LIBRARY("memset") void *memset(void *block, int byte, size_t size) {
  unsigned char *at = block, *end = at + size;
  for (; end - at >= 8; at += 8)
    *(eight *)at = (unsigned char)byte * 0x0101010101010101U;
  while (at != end)
    *at++ = (unsigned char)byte;
  return block;
}

LIBRARY("memcpy", "memmove") void *memmove(void *to, const void *from, size_t size) {
  unsigned char *at = to, *end = at + size;
  const unsigned char *source = from;
  if ((word)at - (word)source >= size) {  // no byte is written that is read later
    for (; end - at >= 8; at += 8, source += 8)
      *(eight *)at = *(const eight *)source;
    while (at != end)
      *at++ = *source++;
  } else {
    for (source += size; end - at >= 8;)
      *(eight *)(end -= 8) = *(const eight *)(source -= 8);
    while (at != end)
      *--end = *--source;
  }
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
    __attribute__((weak, alias("memmove")));
#endif

#endif
#endif
