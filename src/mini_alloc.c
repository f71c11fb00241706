// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A bump allocator for WebAssembly: a request moves one pointer, `free` does nothing.
//
//   0         heap base          bump pointer         limit                      end of memory
//   | data, stack | blocks and padding | our zeros ... | sbrk's, others' pages ... |
//                                      |<--- room ---->|
//
// Two layers. Above, two private words, `room` and `limit`, that one comparison can test. Below,
// the break: one word in linear memory, the line that sbrk moves, shared with callers of sbrk,
// with side modules and with other threads (heap.h).
//
// Assumptions about the world
//   A1  Memory never shrinks, and the bytes that a growth adds are zero.
//   A2  The bytes from the break to the end of memory, as they are at our first request, belong
//       to nobody and are zero. Pages that appear later without our doing belong to others.
//   A3  One thread, unless compiled with -pthread or -sWASM_WORKERS. (wasm-ld refuses mixtures.)
//
// Invariants, true between calls; the tests assert them under these numbers
//   I1  heap base <= bump pointer <= limit, where an address of 2^32 is written 0; and the limit
//       is a multiple of the page size.
//   I2  Every pointer given out is a multiple of the alignment asked for; for the functions that
//       take none, of ALIGNMENT.
//   I3  No two blocks overlap, and none reaches past the bump pointer into what is still free.
//   I4  Every byte from the bump pointer to the limit is zero. So calloc is malloc.
//   I5  A call that fails returns its error, and leaves the blocks, the bump pointer, the limit
//       and the break as they were. (If it fails after a growth that landed behind the pages of
//       others, the break has moved there, and the next request finds those pages; with threads
//       they may be lost.)
//   I6  The bump pointer goes down in mini_alloc_reset and in realloc of the last block only.
//   I7  The break is never below the limit: nobody else is given what is ours.
//
// Not promised
//   N1  That free, or a realloc that moves, gives anything back.
//   N2  The order or the distance of two blocks.
//   N3  malloc_usable_size: without headers there is no true answer. A link error is better than
//       a wrong number.
//
// A word such as @bump at the end of a line says nothing to the compiler: it names what the line
// does, for the demo's page, which shows it beside the reason of a call (demo/engine/reasons.js).
#include "mini_alloc.h"

#include <stdalign.h>
#include <stddef.h>

#include "arithmetic.h"
#include "heap.h"
#include "libc.h"

// What malloc aligns to: as C demands, and as the other allocators of Emscripten do. Programs that
// keep SIMD vectors in malloc'ed memory may want 16.
#ifndef MINI_ALLOC_ALIGNMENT
#define MINI_ALLOC_ALIGNMENT alignof(max_align_t)
#endif
#define ALIGNMENT ((word)(MINI_ALLOC_ALIGNMENT))
_Static_assert(ALIGNMENT >= alignof(max_align_t), "MINI_ALLOC_ALIGNMENT: weaker than C demands");
_Static_assert((ALIGNMENT & (ALIGNMENT - 1)) == 0, "MINI_ALLOC_ALIGNMENT: not a power of two");
_Static_assert(ALIGNMENT <= PAGE_SIZE, "MINI_ALLOC_ALIGNMENT: larger than a page");

#include "trace.h"

// Memory is copied and cleared by __builtin functions, which -fno-builtin leaves alone: where clang
// may use bulk memory they are single operators, and elsewhere calls to libc (or libc.h). At -Oz
// musl's memmove is a loop of bytes, which cost 38 times the ink in `realloc_append_apart`.

// ---- the fast path -----------------------------------------------------------------------------

// The limit is a multiple of ALIGNMENT (I1), so rounding the room down rounds the start up. The
// subtraction sends size 0 to the slow path, to become 1: the pointer has to be unique.
static inline __attribute__((always_inline)) void *allocate(word size) {
  word left = room & -ALIGNMENT;                            // @align
  if (size - 1 >= left) return refill(size, 0, ALIGNMENT);  // @check
  room = left - size;                                       // @bump
  return pointer(limit - left);
}

// Here size 0 is common and must be fast, once there is a bump pointer to return. The conditions
// are joined as bits, since a branch costs 3,200 ink and an operator 70.
void *mini_alloc(size_t size, size_t align) {
  word left = room & -(word)align;  // @align
  word odd = odd_alignment(align);
  if ((odd | (limit == 0) | (size > left)) != 0) {  // @check
    void *block = odd ? refill_odd(size, !size, align) : refill(size, !size, align);
    return traced_aligned(block, size, align);
  }
  room = left - size;  // @bump @zero-size
  return traced_aligned(pointer(limit - left), size, align);
}

void *mini_alloc_zeroed(size_t size, size_t align) __attribute__((alias("mini_alloc")));

void mini_alloc_get_info(mini_alloc_info *out) {
  *out = (mini_alloc_info){
      .base = heap_base(),
      .bump = bump_pointer(),
      .limit = started() ? limit : read_break(),
      .pages = memory_size(),
  };
}

// ---- the C family ------------------------------------------------------------------------------
// The public names are weak where a sanitizer's or a program's own malloc takes precedence
// (libc.h). The names that such a malloc builds on, and that Emscripten's own code uses, are
// strong.

void *emscripten_builtin_malloc(size_t size) {
  return traced_malloc(allocate(size), size);
}

void *emscripten_builtin_calloc(size_t count, size_t size) {
  word bytes;
  // What overflows becomes a size that can not be had.
  bool overflow = __builtin_mul_overflow(count, size, &bytes);  // @product
  bytes |= -(word)overflow;
  return traced_calloc(allocate(bytes), count, size, bytes);  // @zeroed
}

void emscripten_builtin_free(void *block) {
  traced_free(block);  // @free
}

// Alignments below malloc's are honored as asked: such a block may start at any multiple of them.
void *emscripten_builtin_memalign(size_t align, size_t size) {
  size += !size;  // @zero-size
  return traced_memalign(mini_alloc(size, align), size);
}

WEAK int posix_memalign(void **out, size_t align, size_t size) {
  if (align % sizeof(void *) != 0 || !is_power_of_two(align)) return EINVAL;
  int errno_before = errno;
  void *block = emscripten_builtin_memalign(align, size);
  errno = errno_before;
  if (!block) return ENOMEM;
  *out = block;
  return 0;
}

// ---- realloc -----------------------------------------------------------------------------------
// The block that realloc returned last, and its end: as long as the bump pointer has not moved on,
// the one block whose size we know. That is what makes appending to a buffer cheap, and malloc
// need not know of it. Both 0: none.
PRIVATE(last_block);
PRIVATE(last_end);

static inline __attribute__((always_inline)) void *remember(word block, word size) {
  last_block = block;
  last_end = block + size;
  return pointer(block);
}

// Gives the last block back and asks again, which finds the same place, unless the memory behind it
// has become somebody else's.
static inline void *resize_last(word block, word size) {
  word held = last_end - block, room_before = room;
  room += held;  // @in-place
  word got = address(allocate(size));
  if (got == block) {
    if (size < held) __builtin_memset(pointer(block + size), 0, held - size);  // for I4 @in-place
    return remember(block, size);
  }
  if (limit - room == block) room = room_before;  // refused, or found elsewhere
  if (got == 0) return NULL;                      // @refuse
  __builtin_memcpy(pointer(got), pointer(block), held);
  return remember(got, size);
}

static COLD void *reallocate(word block, word size) {
  word bump = limit - room;
  size += !size;  // @zero-size
  if (block != 0 && block == last_block && bump == last_end) return resize_last(block, size);
  word got = address(allocate(size));  // @move
  if (got == 0) return NULL;           // @refuse
  if (block != 0) {
    // Of unknown size; but it ends below the bump pointer, or, if another thread made it, below the
    // end of the heap.
    catch_up();
    word most = (block < bump ? bump : known_end) - block;
    __builtin_memmove(pointer(got), pointer(block), size < most ? size : most);  // @move
  }
  return remember(got, size);
}

// In place, and inlined, if it is the last block that grows and the room is there.
void *emscripten_builtin_realloc(void *block, size_t size) {
  word bump = limit - room, more = size - (bump - address(block));
  if (((address(block) ^ last_block) | (bump ^ last_end) | (more - 1 >= room)) != 0)  // @in-place
    return traced_realloc(block, reallocate(address(block), size), size);
  room -= more;  // @bump
  last_end = bump + more;
  return traced_realloc(block, block, size);
}

WEAK void *reallocarray(void *block, size_t count, size_t size) {
  word bytes;
  bool overflow = __builtin_mul_overflow(count, size, &bytes);
  return emscripten_builtin_realloc(block, bytes | -(word)overflow);
}

// ---- the public names --------------------------------------------------------------------------

#define ALIAS_OF(name) WEAK __attribute__((alias("emscripten_builtin_" #name)))

void *malloc(size_t size) ALIAS_OF(malloc);
void *__libc_malloc(size_t size) ALIAS_OF(malloc);
void *calloc(size_t count, size_t size) ALIAS_OF(calloc);
void *__libc_calloc(size_t count, size_t size) ALIAS_OF(calloc);
void *realloc(void *block, size_t size) ALIAS_OF(realloc);
void *__libc_realloc(void *block, size_t size) ALIAS_OF(realloc);
void free(void *block) ALIAS_OF(free);
void __libc_free(void *block) ALIAS_OF(free);
void *memalign(size_t align, size_t size) ALIAS_OF(memalign);
void *aligned_alloc(size_t align, size_t size) ALIAS_OF(memalign);

// ---- marks -------------------------------------------------------------------------------------

#if !THREADS

uintptr_t mini_alloc_mark(void) {
  return traced_mark(bump_pointer());  // @mark
}

int mini_alloc_reset(uintptr_t mark) {
  word bump = bump_pointer(), back = bump - (word)mark;
  if (back > (started() ? bump - region : 0)) {  // @reset
    fail(EINVAL);
    return traced_reset(mark, -1);
  }
  __builtin_memset(pointer((word)mark), 0, back);  // keeps I4 @reset
  room += back;                                    // @reset
  last_block = last_end = 0;
  return traced_reset(mark, 0);
}

#endif

// ---- statistics --------------------------------------------------------------------------------

#if defined __EMSCRIPTEN__ && __has_include(<malloc.h>)
#include <malloc.h>

// In the terms of dlmalloc: everything handed out counts as in use, since nothing is ever free
// again.
WEAK struct mallinfo mallinfo(void) {
  struct mallinfo info = {0};
  typedef __typeof__(info.arena) count;  // int or size_t, by version
  word base = heap_base(), bump = bump_pointer();
  info.arena = (count)(bump + room - base);
  info.uordblks = (count)(bump - base);
  info.fordblks = (count)room;
  return info;
}

#endif

// Nothing can be given back to the system.
WEAK int malloc_trim(size_t pad) {
  (void)pad;
  return 0;
}
