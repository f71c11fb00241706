// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The lines that are moved, under the same judge as model.h: the break, and marks.
#ifndef NATIVE_LINES_H
#define NATIVE_LINES_H

#include "model.h"

// ---- the break ---------------------------------------------------------------------------------

static word break_aligned(word at) {
  return at + padding(at, alignof(max_align_t));
}

// What sbrk took, with the padding before it, is somebody's from now on.
static void note_break(uint64_t start, word size) {
  uint64_t from = start;
  if (before.the_break != 0 && start - before.the_break < alignof(max_align_t))
    from = before.the_break;
  expect_nobodys(from, start + size);
  if (!wrong_first && !fresh_zero(start, size)) wrong("I4: memory that sbrk gave out is not zero");
  if (!wrong_first) note(&live, from, start + size - from, true);
}

static inline void *try_sbrk(intptr_t increment) {
  begin_call();
  void *got = sbrk(increment);
  word at = address(got), size = (word)increment;
  if (at == WORD_MAX) {
    if (errno != ENOMEM) wrong("sbrk: ENOMEM if it is refused");
    expect_unchanged();
    if (memory_refusals() == before.refusals && size <= (word)-PAGE_SIZE)
      wrong("sbrk refused without having asked for memory");
  } else {
    if (errno != NO_ERROR) wrong("errno was set by a call that did not fail");
    if (!memory_has_others() && !THREADS && at != break_aligned(before.the_break))
      wrong("sbrk returns another place than the break");
    if (at % alignof(max_align_t) != 0) wrong("I2: sbrk aligns as malloc must");
    if (the_break != break_aligned(at + size)) wrong("sbrk moved the break elsewhere");
    note_break(end_of(at), break_aligned(size));
  }
  end_call(false);
  return got;
}

// brk begins with an sbrk(0), which aligns the break. Where others have grown memory behind it, it
// fails after it has moved the break behind their pages (I5): what it left there is nobody's.
static void note_failed_brk(void) {
  word at = break_aligned(before.the_break);
  if (the_break == at) {
    note_break(end_of(at), 0);
  } else {
    if (!memory_has_others()) wrong("I5: a call that failed moved the break");
    word from = (word)memory_others_end();
    note_break(end_of(from), the_break - from);
  }
}

static inline int try_brk(word end) {
  begin_call();
  int result = brk(pointer(end));
  if (result == 0) {
    if (the_break != break_aligned(end)) wrong("brk moved the break elsewhere");
    word at = break_aligned(before.the_break);
    if (the_break != before.the_break) note_break(at, the_break - at);
  } else {
    if (result != -1 || errno != ENOMEM) wrong("brk: -1 and ENOMEM if it is refused");
    if (the_break != before.the_break) note_failed_brk();
  }
  end_call(false);
  return result;
}

// ---- marks -------------------------------------------------------------------------------------

#if !THREADS

static bool others_between(uint64_t from, uint64_t to) {
  for (size_t i = 0; i < live.count; i++) {
    const block *b = &live.at[i];
    if (b->others && from < b->end && b->start < to) return true;
  }
  return memory_is_others(from, to);
}

static inline word try_mark(void) {
  begin_call();
  word mark = mini_alloc_mark();
  if (end_of(mark) != before.bump) wrong("a mark is where the bump pointer is");
  expect_unchanged();
  end_call(false);
  return mark;
}

// A mark inside a block is none that mark gave out; if it is taken for one, the block is given
// back.
static inline int try_reset(word mark) {
  begin_call();
  uint64_t from = end_of(mark);
  bool due = from >= heap_base() && from <= before.bump && !others_between(from, before.bump);
  int result = mini_alloc_reset(mark);
  if (result == 0) {
    if (!due) wrong("reset took what cannot be a mark");
    if (end_of(bump_pointer()) != from) wrong("reset did not come back to the mark");
    for (size_t i = live.count; i-- > 0;) {
      if (live.at[i].end > from && !live.at[i].others && live.at[i].start < before.bump)
        forget(&live, &live.at[i]);
    }
  } else {
    if (due) wrong("reset refused a mark");
    if (result != -1 || errno != EINVAL) wrong("reset: -1 and EINVAL for what cannot be a mark");
    expect_unchanged();
  }
  end_call(true);
  return result;
}

#endif
#endif
