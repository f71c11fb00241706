// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The lower layer: the break, how memory grows, and the slow path that takes a region from it.
// Included once, by mini_alloc.c, where the invariants stand.
#ifndef MINI_ALLOC_HEAP_H
#define MINI_ALLOC_HEAP_H

#include <stdalign.h>
#include <stddef.h>

#include "arithmetic.h"
#include "libc.h"
#include "memory.h"

#define COLD __attribute__((noinline, cold))

// Our region ends at `limit`, and its last `room` bytes are free: the bump pointer is limit - room.
// Kept this way round, the fast path tests a request against one word, without a sum that could
// wrap. Both are 0 until the first request.
PRIVATE(room);
PRIVATE(limit);

// Where our region began: what lies below belongs to others, or to a region before it. 0 until the
// first request, and never again. (limit and room may both be 0 when 4 GiB are full.)
PRIVATE(region);

// The break, and the end of the memory behind it that is known to be nobody's: not known until the
// first request. An end of 0 is that of 4 GiB, which memory.size tells as well; not with threads,
// where it may be late.
#if LIBC_HAS_SBRK
static word own_break = INITIAL_BREAK;
word *emscripten_get_sbrk_ptr(void);
#define the_break (*emscripten_get_sbrk_ptr())
#else
static word the_break = INITIAL_BREAK;
#define own_break the_break
#endif
#if THREADS
#define NOT_KNOWN ((word)1)
static word known_end = NOT_KNOWN;
#else
#define NOT_KNOWN ((word)0)
// Thread-local without threads is a plain variable again, but of an object that clang has marked:
// wasm-ld refuses to link it where memory is shared. Nothing else would make it. (clang 14 forgets
// to make it plain where there is bulk memory.)
#if __clang_major__ < 15 && defined __wasm_bulk_memory__
static word known_end = NOT_KNOWN;
#else
static _Thread_local word known_end = NOT_KNOWN;
#endif
#endif

static inline void *pointer(word at) {
  return (void *)(uintptr_t)at;
}

static inline word address(const void *block) {
  return (word)(uintptr_t)block;
}

// Where it is libc's sbrk that moves it, another thread may do so at any moment.
static inline word read_break(void) {
#if LIBC_HAS_SBRK
  return __atomic_load_n(&the_break, __ATOMIC_RELAXED);
#else
  return the_break;
#endif
}

static inline bool started(void) {
  return region != 0;
}

// Not started, this is where a region would begin.
static inline word bump_pointer(void) {
  return started() ? limit - room : read_break();
}

static COLD void *fail(int error) {
  errno = error;
  return NULL;
}

// ---- threads -----------------------------------------------------------------------------------
// `room` and `limit` are each thread's own. The break is shared, and only the holder of this lock
// touches it (and libc's sbrk, where that is the one), for a few dozen instructions and at most one
// growth of memory. It spins, because the main thread of a browser must not sleep.

#if THREADS

static bool break_lock;

// Engines tell an instance late of a growth that another thread made, and until then V8 traps where
// this instance fills or copies (memory.fill, memory.copy) what lies there. A growth by nothing
// makes it look.
static inline void catch_up(void) {
  if (memory_size() < pages_for(known_end)) memory_grow(0);
}

// A main module of dynamic linking relocates its data as it is instantiated, where memory is
// shared. Emscripten 3.1.6 tells it the heap base only afterwards: then the break is 0 still. Not
// under the lock, since SAFE_HEAP asks for the break at each access to memory, and so under it too.
static inline void begin_break(void) {
  word none = 0;
  if (__atomic_load_n(&known_end, __ATOMIC_RELAXED) == NOT_KNOWN) {
    __atomic_compare_exchange_n(&own_break, &none, INITIAL_BREAK, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
  }
}

static void lock_break(void) {
  require_shared_memory();
  while (__atomic_exchange_n(&break_lock, true, __ATOMIC_ACQUIRE)) {
    while (__atomic_load_n(&break_lock, __ATOMIC_RELAXED)) {
    }
  }
  begin_break();
}
static void unlock_break(void) {
  catch_up();
  __atomic_store_n(&break_lock, false, __ATOMIC_RELEASE);
}

#else

static inline void catch_up(void) {}
static inline void begin_break(void) {}
static void lock_break(void) {}
static void unlock_break(void) {}

#endif

// ---- the break ---------------------------------------------------------------------------------

// A stretch of memory whose last `left` bytes before `end`, a multiple of the page size, are free
// to take. Rounding `left` down rounds their start up. `begin` is where it begins, or 0 if that is
// our region, going on.
typedef struct span {
  word begin, left, end;
} span;

static inline span empty_span(word page) {
  return (span){page << PAGE_BITS, 0, page << PAGE_BITS};
}

// What is nobody's behind the break. Before the first request that is everything (A2).
static inline __attribute__((always_inline)) span behind_break(void) {
  word begin = read_break(), end = known_end == NOT_KNOWN ? memory_size() << PAGE_BITS : known_end;
#if LIBC_HAS_SBRK
  // libc's sbrk has grown memory: the rest of its last page is nobody's. Of more we know nothing.
  if (end < begin) end = begin + padding(begin, PAGE_SIZE);
#endif
  return (span){begin, end - begin, end};
}

// How many pages to add where `need` are needed: an eighth of the memory at least, since a growth
// takes the same time for 1 page as for 256; exact while memory is small.
static inline word growth(word need, word pages) {
#if defined MINI_ALLOC_GROW_EXACT || defined MINI_ALLOC_RESIZE_HEAP
  (void)pages;
  return need;
#else
  return need > pages / 8 ? need : pages / 8;  // @grow
#endif
}

// Grows memory until `s`, which is too small, holds `size` bytes; false if that is refused. Where
// others have grown memory behind `s`, it moves on to the pages behind theirs. With threads, memory
// may grow at any moment, and memory.size tells of it late: what memory.grow returns is the truth.
static inline __attribute__((always_inline)) bool grow(span *s, word size) {
  do {
    word page = memory_size();
    if (THREADS && page < s->end >> PAGE_BITS) page = s->end >> PAGE_BITS;
    if (page << PAGE_BITS != s->end) *s = empty_span(page);
    word need = pages_for(size - s->left), more = growth(need, page), old;  // @grow
    while ((old = memory_grow(more)) == REFUSED) {
      if (more == need) return false;  // @refuse
      more = need;
    }
    if (THREADS && old != page) *s = empty_span(old);
    word gained = memory_gained(old, more) << PAGE_BITS;
    s->left += gained;
    s->end += gained;
  } while (THREADS && size > s->left);
  return true;
}

// ---- the slow path -----------------------------------------------------------------------------

// Both versions of refill take `size` bytes at a multiple of `align`, which divides the page size.
// For size 0 they take one byte, or none and only look whether there is one, if `spare` is 1: in
// both cases the block has an address of its own, which is not 0.

#if !THREADS

// All there is becomes our region.
static COLD void *refill(word size, word spare, word align) {
  span s = {0, room & -align, limit};  // @align
  size += !(size | spare);             // @zero-size
  word want = size + spare;
  if (want > s.left) {  // @check
    bool full = the_break == limit;
    if (!full) {  // not started, or sbrk was here: the next region begins at the break @first
      s = behind_break();
      s.left &= -align;
      full = want > s.left;
    }
    if (full && !grow(&s, want)) return fail(ENOMEM);  // @grow @refuse
    if (s.begin) region = s.begin;
    the_break = known_end = limit = s.end;  // @grow
  }
  room = s.left - size;  // @bump
  return pointer(s.end - s.left);
}

#else

// Moves the break, if it still is where it was: libc's sbrk, where that is the one, moves it
// without our lock. If it is not, nothing is known of what lies behind it.
static inline bool move_break(word from, word to) {
#if LIBC_HAS_SBRK
  word found = from;
  bool moved = __atomic_compare_exchange_n(&the_break, &found, to, false, __ATOMIC_RELAXED,
                                           __ATOMIC_RELAXED);
  if (!moved) known_end = from;
  return moved;
#else
  (void)from;
  the_break = to;
  return true;
#endif
}

// Takes the block from the break, and the rest of its last page with it to be our region, unless
// what we have is more. The caller holds the lock. What was grown for a break that has moved away
// meanwhile is lost, as if others had grown it.
static void *claim(word size, word spare, word align) {
  for (;;) {
    span s = behind_break();
    word from = s.begin;
    if (from == limit && started()) s = (span){0, s.left + room, s.end};  // it goes on
    s.left &= -align;
    word want = size + spare;
    if (want > s.left && !grow(&s, want)) return NULL;
    known_end = s.end;
    word at = s.end - s.left, rest = padding(at + want, PAGE_SIZE);
    if (s.begin && rest < room) {  // as sbrk leaves it:
      if (!move_break(from, at + want + padding(at + want, alignof(max_align_t)))) continue;
    } else {
      if (!move_break(from, at + want + rest)) continue;
      if (s.begin) region = s.begin;
      limit = at + want + rest;
      room = limit - at - size;
    }
    return pointer(at);
  }
}

static COLD void *refill(word size, word spare, word align) {
  word left = room & -align;
  size += !(size | spare);
  if (size + spare <= left) {
    room = left - size;
    return pointer(limit - left);
  }
  lock_break();
  void *block = claim(size, spare, align);
  unlock_break();
  return block ? block : fail(ENOMEM);
}

#endif

// For any alignment: one that is larger than a page, or no power of two, needs a second look. Not
// called by malloc, whose programs shall not carry it.
static COLD void *refill_odd(word size, word spare, word align) {
  if (!is_power_of_two(align)) return fail(EINVAL);  // @odd-alignment
  if (size + spare > -align) return fail(ENOMEM);    // or the sums below would wrap @refuse
#if !THREADS
  // The exact padding, from where refill will find the bytes. Only pages that others grew can make
  // it find them elsewhere: then they are put back, and the next round starts there.
  word room_before = room, limit_before = limit, region_before = region;
  for (;;) {
    word from = limit - room;
    if (the_break != limit && padding(from, align) + size + spare > room) {
      from = the_break;
      room = 0;  // or refill might find less padding in the region, and none of the alignment
    }
    word taken = padding(from, align) + size;  // @align
    word got = address(refill(taken, spare, 1));
    if (got == 0) break;
    if (got == from) return pointer(got + taken - size);
    room += taken;
  }
  if (limit != limit_before) the_break = limit - room;  // it stays there, all else as it was: I5
  room = room_before;
  limit = limit_before;
  region = region_before;
  return NULL;
#else
  // The next place may be in anybody's page: room for the worst case.
  word got = address(refill(size + (align - PAGE_SIZE), spare, PAGE_SIZE));
  return got ? pointer(got + padding(got, align)) : NULL;
#endif
}

// ---- sbrk: the break for everybody -------------------------------------------------------------

WEAK_SBRK word *emscripten_get_sbrk_ptr(void) {
  begin_break();
  return &own_break;
}

// Moves the break up by `increment` bytes, rounded up to the alignment of malloc, and returns where
// these begin: right at the last break, unless others have grown memory there. They are zero.
// The increment counts as unsigned, as it does in Emscripten: a negative one can not be had, and
// nothing is ever given back. (void *)-1 and ENOMEM if it is refused.
WEAK_SBRK void *sbrk(intptr_t increment) {
  word size = (word)increment + padding((word)increment, alignof(max_align_t));
  bool granted = false;
  lock_break();
  span s = behind_break();
  s.left &= -alignof(max_align_t);
  if (size >= (word)increment && (size <= s.left || grow(&s, size))) {
    granted = true;
    known_end = s.end;
    the_break = s.end - s.left + size;
  }
  unlock_break();
  if (!granted) fail(ENOMEM);
  return pointer(granted ? s.end - s.left : (word)-1);
}

// Moves the break up to `end`; -1 and ENOMEM if that is refused, or lies below.
WEAK_SBRK int brk(void *end) {
  word now = address(sbrk(0));
  if (address(end) == now || address(sbrk((intptr_t)(address(end) - now))) == now) return 0;
  fail(ENOMEM);
  return -1;
}

#endif
