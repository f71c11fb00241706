// SPDX-License-Identifier: MIT OR Apache-2.0
//
// mini_alloc: what this allocator offers beyond malloc, calloc, realloc and free.
//
// Conventions, true of every function here:
//   - Sizes and addresses are in bytes; `pages` are WebAssembly pages of 65,536 bytes.
//   - Addresses may be 0 where a memory of 4 GiB ends: 2^32 does not fit in 32 bits.
//   - A call that fails gives out nothing and takes nothing back.
//   - Where there is no C library there is no errno: what a call returns tells.
//   - In the archive built with -pthread every function may be called from any thread; in the
//     others there is one thread.
#ifndef MINI_ALLOC_H
#define MINI_ALLOC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Returns `size` bytes at a multiple of `align`, all of them zero. Nothing is rounded: with
// align 1 the next block may start at the very next byte.
// For size 0 the bump pointer, which moves no further than up to the next multiple of `align`.
// align MUST be a power of two, else NULL and errno EINVAL. No room left: NULL and ENOMEM.
void *mini_alloc(size_t size, size_t align);

// The same function under the name that says what the caller relies on: the bytes are zero.
void *mini_alloc_zeroed(size_t size, size_t align);

// Where the heap stands.
typedef struct mini_alloc_info {
  uintptr_t base;   // heap base: the first address after static data and stack
  uintptr_t bump;   // bump pointer: no block has been given out from here on
  uintptr_t limit;  // end of the memory that is ours; with threads, the calling thread's
  size_t pages;     // memory.size, everybody's pages
} mini_alloc_info;

// Fills in `*out`. Before the first allocation nothing is ours: bump == limit == the break.
void mini_alloc_get_info(mini_alloc_info *out);

// mini_alloc_mark returns a point to come back to; mini_alloc_reset(mark) gives back every block
// handed out since, at once. What was given back is cleared, so that memory stays zero for the
// next caller; the pages stay. Cost of a reset: memory.fill over the bytes given back.
//
// mini_alloc_reset returns 0, or -1 with errno EINVAL and nothing changed if `mark` cannot be a
// mark: it lies outside the heap, above the bump pointer, or below memory that somebody else took
// meanwhile (sbrk, or pages that others grew).
// Blocks given back MUST NOT be used afterwards. The -pthread archive has neither function.
uintptr_t mini_alloc_mark(void);
int mini_alloc_reset(uintptr_t mark);

#ifdef __cplusplus
}
#endif

#endif
