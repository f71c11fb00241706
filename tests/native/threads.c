// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Eight real threads at once on one memory, while somebody else grows it too and every thread sees
// its size late. Each keeps a list of its own blocks; at the end all lists are one.
#include <pthread.h>

#include "../helpers/check.h"
#include "blocks.h"

#if !THREADS
#error "compile with -D_REENTRANT"
#endif

enum { WORKERS = 8 };

// Two places read the end of the heap without the lock, and any value they can meet is right; but
// in the terms of C each is a race: realloc of a block of unknown size, which also copies bytes of
// others behind the block, and the look at the size of memory after the lock is free again.
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) {
  return "race:^reallocate$\nrace:^catch_up$\n";
}

#ifndef ROUNDS
#define ROUNDS 6000
#endif

typedef struct worker {
  pthread_t thread;
  uint64_t random;
  blocks mine;
  unsigned zeros, aligns, lost, failures;
  void *parcel;
} worker;

static worker workers[WORKERS];

// All threads start at once, and wait for each other before they exchange parcels.
static pthread_barrier_t barrier;

static unsigned random_below(worker *w, unsigned bound) {
  w->random = w->random * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(w->random >> 33) % bound;
}

static word random_size(worker *w) {
  unsigned kind = random_below(w, 100);
  if (kind < 80) return 1 + random_below(w, 200);
  if (kind < 98) return 1 + random_below(w, 5000);
  return 1 + random_below(w, 200000);
}

static void keep(worker *w, void *block, word size, word align) {
  if (!block) {
    w->failures++;
    return;
  }
  uint64_t start = (uint64_t)(uintptr_t)block;
  w->zeros += !fresh_zero(start, size);
  w->aligns += start % align != 0;
  note(&w->mine, start, size, false);
}

// Grows a buffer of its own as others allocate.
static void append(worker *w) {
  char *p = realloc(NULL, 40);
  word size = 40, limit_size = 40 + random_below(w, 100000);
  memset(p, 0x55, size);
  while (p && size < limit_size) {
    char *q = realloc(p, size * 2);
    if (!q) break;
    for (word i = 0; i < size; i += 7)
      w->lost += q[i] != 0x55;
    memset(q, 0x55, size * 2);
    p = q;
    size *= 2;
  }
}

static void play_round(worker *w) {
  word size = random_size(w), align = (word)1 << random_below(w, 13);
  switch (random_below(w, 8)) {
    case 0:
      keep(w, calloc(size, 1), size, ALIGNMENT);
      break;
    case 1:
      keep(w, mini_alloc_zeroed(size, align), size, align);
      break;
    case 2:
      keep(w, aligned_alloc(align, size), size, align);
      break;
    case 3:
      if (random_below(w, 20) == 0) append(w);
      break;
    case 4:
      if (random_below(w, 40) == 0) keep(w, sbrk((intptr_t)size), size, alignof(max_align_t));
      break;
    case 5:
      if (random_below(w, 100) == 0) memory_grow_others(1);
      break;
    default:
      keep(w, malloc(size), size, ALIGNMENT);
  }
}

// A block that its neighbor reallocates.
static void pass_a_parcel(worker *w) {
  worker *neighbor = &workers[(size_t)(w - workers + 1) % WORKERS];
  w->parcel = realloc(NULL, 3000);
  memset(w->parcel, 1 + (int)(w - workers), 3000);
  pthread_barrier_wait(&barrier);
  unsigned char *p = realloc(neighbor->parcel, 2500);
  for (unsigned i = 0; i < 2500; i++)
    w->lost += p[i] != 1 + (neighbor - workers);
}

static void *work(void *argument) {
  worker *w = argument;
  memory_see(2);
  pthread_barrier_wait(&barrier);
  for (unsigned i = 0; i < ROUNDS && w->mine.count < MOST_BLOCKS; i++)
    play_round(w);
  pthread_barrier_wait(&barrier);
  pass_a_parcel(w);
  w->lost += !all_intact(&w->mine);
  bool zero = limit == 0 || all_zero(end_of(limit) - room, end_of(limit));
  w->zeros += !zero;
  return NULL;
}

static int by_start(const void *a, const void *b) {
  const block *left = a, *right = b;
  return (left->start > right->start) - (left->start < right->start);
}

static bool none_overlap(void) {
  static block all[WORKERS * MOST_BLOCKS];
  size_t count = 0;
  for (unsigned i = 0; i < WORKERS; i++) {
    for (size_t j = 0; j < workers[i].mine.count; j++)
      all[count++] = workers[i].mine.at[j];
  }
  qsort(all, count, sizeof *all, by_start);
  for (size_t i = 0; i + 1 < count; i++) {
    if (all[i].end > all[i + 1].start) return false;
  }
  printf("# %zu blocks of %u threads, %u pages\n", count, WORKERS, (unsigned)memory_pages());
  return count > WORKERS;
}

static bool none_in_others(void) {
  for (unsigned i = 0; i < WORKERS; i++) {
    for (size_t j = 0; j < workers[i].mine.count; j++) {
      block b = workers[i].mine.at[j];
      if (b.start < heap_base() || memory_is_others(b.start, b.end)) return false;
    }
  }
  return true;
}

// ---- the lock ----------------------------------------------------------------------------------

enum { RUNNING = 1, SERVED = 2 };
static int visitor_state;

static void *visit(void *unused) {
  (void)unused;
  __atomic_store_n(&visitor_state, RUNNING, __ATOMIC_SEQ_CST);
  if (sbrk(8)) __atomic_store_n(&visitor_state, SERVED, __ATOMIC_SEQ_CST);
  return NULL;
}

static void test_lock(void) {
  pthread_t visitor;
  lock_break();
  pthread_create(&visitor, NULL, visit, NULL);
  while (__atomic_load_n(&visitor_state, __ATOMIC_SEQ_CST) == 0)
    usleep(1000);
  usleep(50000);
  bool waits = __atomic_load_n(&visitor_state, __ATOMIC_SEQ_CST) == RUNNING;
  unlock_break();
  pthread_join(visitor, NULL);
  CHECK("who meets the lock waits until it is free, and then is served",
        waits && visitor_state == SERVED);
}

static void test_workers(void) {
  unsigned zeros = 0, aligns = 0, lost = 0, failures = 0;
  reset_heap(2, 20000, 0x10400);
  pattern(&(block){0});  // makes the table, before there are threads
  memory_lag(true);
  pthread_barrier_init(&barrier, NULL, WORKERS);
  for (unsigned i = 0; i < WORKERS; i++) {
    workers[i].random = 20261122 + i;
    pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  }
  for (unsigned i = 0; i < WORKERS; i++) {
    pthread_join(workers[i].thread, NULL);
    zeros += workers[i].zeros;
    aligns += workers[i].aligns;
    lost += workers[i].lost;
    failures += workers[i].failures;
  }
  CHECK("no blocks of any two threads overlap", none_overlap());
  CHECK("none lies in the pages of others, or below the heap base", none_in_others());
  CHECK("every block keeps what its thread wrote, through realloc by itself and by others", !lost);
  CHECK("every block is zero when it is given out, and so is what each thread has left", !zeros);
  CHECK("every block is aligned as it was asked for", !aligns);
  CHECK("nobody was refused", !failures);
  CHECK("nothing below the heap base was written", memory_static_intact());
}

int main(void) {
  test_workers();
  test_lock();
  return checks_done();
}
