// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Every function of the allocator under a judge: try_malloc is malloc, and afterwards everything is
// checked that can be known without knowing how it works: what was given out, what is refused,
// what has changed, and all invariants. What is wrong is remembered until sound() asks.
#ifndef NATIVE_MODEL_H
#define NATIVE_MODEL_H

#include "blocks.h"

static blocks live;

static const char *wrong_first;
static unsigned calls, wrong_call;

typedef struct moment {
  instance mine;
  word the_break, known_end;
  uint64_t bump, limit;
  unsigned refusals;
} moment;

static moment before;

static void wrong(const char *what) {
  if (wrong_first) return;
  wrong_first = what;
  wrong_call = calls;
}

static moment moment_now(void) {
  return (moment){instance_now(),
                  the_break,
                  known_end,
                  end_of(bump_pointer()),
                  end_of(started() ? limit : the_break),
                  memory_refusals()};
}

static void fresh(word initial, word maximum, word base) {
  reset_heap(initial, maximum, base);
  live.count = live.seeds = 0;
  live.dirty = 0;
  wrong_first = NULL;
  calls = 0;
}

// Nothing was wrong since the heap was fresh, and every block is as it was left.
static bool sound(void) {
  if (!all_intact(&live)) wrong("I3: a block has been written to");
  const char *broken = broken_invariant(live.dirty);
  if (broken) wrong(broken);
  if (wrong_first) fprintf(stderr, "# call %u: %s\n", wrong_call, wrong_first);
  return wrong_first == NULL;
}

// ---- before and after every call ---------------------------------------------------------------

enum { NO_ERROR = 4711 };

static void begin_call(void) {
  before = moment_now();
  errno = NO_ERROR;
  calls++;
}

// `down`: the bump pointer may have gone down (I6).
static void end_call(bool down) {
  const char *broken = broken_invariant(live.dirty);
  if (broken) wrong(broken);
  if (!down && end_of(bump_pointer()) < before.bump) wrong("I6: the bump pointer went down");
  if (live.count > 0 && !intact(&live.at[calls % live.count]))
    wrong("I3: a block has been written to");
}

static void expect_unchanged(void) {
  moment now = moment_now();
  if (now.bump != before.bump) wrong("I5: a call that failed moved the bump pointer");
  if (now.limit != before.limit) wrong("I5: a call that failed moved the limit");
  if (now.the_break != before.the_break) wrong("I5: a call that failed moved the break");
  if (now.mine.last_block != before.mine.last_block) wrong("I5: a call that failed forgot a block");
}

// Nothing of what is ours now reaches outside memory, or into what is somebody's.
static void expect_nobodys(uint64_t start, uint64_t end) {
  if (start < heap_base() || end < start) wrong("I1: a block begins below the heap base");
  if (end > (uint64_t)memory_pages() << PAGE_BITS) wrong("I1: a block ends beyond memory");
  if (memory_is_others(start, end)) wrong("A2: a block lies in the pages of others");
  if (overlaps(&live, start, end)) wrong("I3: two blocks overlap");
}

typedef struct request {
  word size, align;
  bool may_move;  // in two steps: see expect_break_moved_at_most
} request;

// Would it have fitted in what was ours already? (With threads, an alignment beyond a page takes
// room for the worst case, and is not judged by this.)
static bool did_fit(request r) {
  if (before.mine.region == 0) return false;
  uint64_t at = (before.bump + r.align - 1) & -(uint64_t)r.align;
  return at >= before.bump && at < before.limit && r.size <= before.limit - at;
}

// I5, last sentence: a call of two steps may fail in its second, after the first has moved the
// break behind the pages of others. What is ours stays as it was, if anything was.
static void expect_break_moved_at_most(void) {
  if (end_of(the_break) < end_of(before.the_break))
    wrong("I5: a call that failed took the break back");
  if (before.mine.region == 0) return;
  word moved_to = the_break;
  the_break = before.the_break;
  expect_unchanged();
  the_break = moved_to;
}

static void *refused(request r) {
  if (r.may_move && memory_has_others())
    expect_break_moved_at_most();
  else
    expect_unchanged();
  if (did_fit(r) && !(THREADS && r.align > PAGE_SIZE)) wrong("a request that fits was refused");
  if (memory_refusals() == before.refusals && r.size <= (word)-r.align)
    wrong("refused without having asked for memory");
  return NULL;
}

// A block of `size` bytes at a multiple of `align`, zero and nobody's; or a refusal that is due.
static void *judge(void *got, request r) {
  uint64_t start = (uint64_t)(uintptr_t)got;
  if (!is_power_of_two(r.align)) {
    if (got || errno != EINVAL) wrong("I5: EINVAL if the alignment is no power of two");
    expect_unchanged();
  } else if (!got) {
    if (errno != ENOMEM) wrong("I5: ENOMEM if there is no memory");
    refused(r);
  } else {
    if (start % r.align != 0) wrong("I2: a multiple of the alignment asked for");
    if (errno != NO_ERROR) wrong("errno was set by a call that did not fail");
    expect_nobodys(start, start + r.size);
    if (!THREADS && start + r.size > end_of(bump_pointer())) wrong("I3: a block above the bump");
    if (start + r.size > end_of(the_break)) wrong("I7: a block above the break");
    if (!wrong_first && !fresh_zero(start, r.size)) wrong("I4: memory given out is not zero");
    if (!wrong_first) note(&live, start, r.size, false);
  }
  end_call(false);
  return got;
}

// ---- the calls ---------------------------------------------------------------------------------

static inline void *try_malloc(word size) {
  begin_call();
  return judge(malloc(size), (request){size + !size, ALIGNMENT, false});
}

static inline void *try_calloc(word count, word size) {
  word bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = WORD_MAX;
  begin_call();
  return judge(calloc(count, size), (request){bytes + !bytes, ALIGNMENT, false});
}

// Alignments beyond a page take two steps: see `refill_odd`, and `may_move`.
static request aligned_request(word size, word align) {
  return (request){size, align, align > PAGE_SIZE};
}

static inline void *try_mini_alloc(word size, word align) {
  begin_call();
  return judge(mini_alloc(size, align), aligned_request(size, align));
}

static inline void *try_mini_alloc_zeroed(word size, word align) {
  begin_call();
  return judge(mini_alloc_zeroed(size, align), aligned_request(size, align));
}

static inline void *try_aligned_alloc(word align, word size) {
  begin_call();
  return judge(aligned_alloc(align, size), aligned_request(size + !size, align));
}

static inline void *try_memalign(word align, word size) {
  begin_call();
  return judge(memalign(align, size), aligned_request(size + !size, align));
}

static inline void *try_posix_memalign(word align, word size) {
  void *const untouched = &live;
  void *out = untouched;
  begin_call();
  int error = posix_memalign(&out, align, size);
  if (errno != NO_ERROR) wrong("posix_memalign sets errno");
  if (error != 0 && out != untouched) wrong("posix_memalign writes its result on failure");
  bool odd = !is_power_of_two(align) || align < sizeof(void *);
  if ((error == EINVAL) != odd) wrong("posix_memalign: EINVAL for what cannot be an alignment");
  if (error != 0 && error != ENOMEM && error != EINVAL) wrong("posix_memalign: another error");
  if (error == 0 || error == ENOMEM) {
    if (error == ENOMEM) errno = ENOMEM;
    return judge(error ? NULL : out, aligned_request(size + !size, align));
  }
  expect_unchanged();
  end_call(false);
  return NULL;
}

static inline void try_free(void *block) {
  begin_call();
  free(block);
  expect_unchanged();
  if (errno != NO_ERROR) wrong("free sets errno");
  end_call(false);
}

// ---- realloc -----------------------------------------------------------------------------------

// `old` is live, or NULL. Size 0 makes a block of one byte, of which nothing is promised.
static void *judge_resized(void *old, void *got, word wanted) {
  word size = wanted + !wanted;
  block *was = contains(&live, (uint64_t)(uintptr_t)old);
  uint64_t start = (uint64_t)(uintptr_t)got;
  if (!was) return judge(got, (request){size, ALIGNMENT, false});
  if (!got) {
    if (errno != ENOMEM) wrong("I5: ENOMEM if there is no memory");
    bool last = before.mine.last_block == was->start && end_of(before.mine.last_end) == before.bump;
    if (last) before.bump = was->start;
    bool fitted = did_fit((request){size, ALIGNMENT, false});
    if (last) before.bump = end_of(before.mine.last_end);
    if (fitted) wrong("a block that could grow in place did not");
    refused((request){size, ALIGNMENT, false});
  } else {
    if (start % ALIGNMENT != 0) wrong("I2: a multiple of the alignment of malloc");
    if (!holds(was, start, wanted)) wrong("realloc lost the contents of the block");
    if (got != old && !intact(was)) wrong("realloc wrote to the block that it moved");
    if (got != old) expect_nobodys(start, start + size);
    forget(&live, was);
    expect_nobodys(start, start + size);
    if (start + size > end_of(the_break)) wrong("I7: a block above the break");
    if (!wrong_first) note(&live, start, size, false);
  }
  end_call(true);
  return got;
}

static inline void *try_realloc(void *block, word size) {
  begin_call();
  return judge_resized(block, realloc(block, size), size);
}

static inline void *try_reallocarray(void *block, word count, word size) {
  word bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = WORD_MAX;
  begin_call();
  return judge_resized(block, reallocarray(block, count, size), bytes);
}

#endif
