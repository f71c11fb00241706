// SPDX-License-Identifier: MIT OR Apache-2.0
#include "libc_sbrk.h"

#include <stdalign.h>
#include <stddef.h>

#define sbrk mini_sbrk
#define emscripten_get_sbrk_ptr mini_get_sbrk_ptr

void *sbrk(intptr_t increment);
word *emscripten_get_sbrk_ptr(void);

static word line;

static _Thread_local struct {
  unsigned nth;
  word bytes, got;
} visit;

void libc_sbrk_at(unsigned nth, word bytes) {
  visit.nth = nth;
  visit.bytes = bytes;
  visit.got = 0;
}

word libc_sbrk_got(void) {
  return visit.got;
}

word *emscripten_get_sbrk_ptr(void) {
  if (visit.nth > 0 && --visit.nth == 0) visit.got = (word)(uintptr_t)sbrk((intptr_t)visit.bytes);
  return &line;
}

void *sbrk(intptr_t increment) {
  word size = (word)increment + padding((word)increment, alignof(max_align_t));
  word from = __atomic_load_n(&line, __ATOMIC_SEQ_CST), to;
  do {
    to = from + size;
    word end = memory_pages() << PAGE_BITS;
    if (to > end && memory_grow(pages_for(to - end)) == REFUSED) return (void *)-1;
  } while (
      !__atomic_compare_exchange_n(&line, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  return (void *)(uintptr_t)from;
}
