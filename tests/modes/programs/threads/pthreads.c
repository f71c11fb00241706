// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Threads that allocate at once while memory grows; each then goes on with the blocks of its
// neighbor: verifies, frees and reallocs what another thread has made. The first one verifies all
// at the end. SMALL: in a memory that does not grow, until it is full.
//
// main only starts them and looks now and then whether they have ended, for without a pool workers
// start when main has returned to its caller. -DJOIN: it waits for them.

#include <emscripten.h>
#include <pthread.h>
#include <stdatomic.h>

#include "../../workload.h"

enum { THREADS = 4 };
#ifdef SMALL
enum { EACH = 100000000 };
#else
enum { EACH = 5000000 };
#endif

static struct workload works[THREADS];
static pthread_t threads[THREADS];
static pthread_barrier_t start, half_time;
static atomic_int ended;

static struct workload_block all[THREADS * WORKLOAD_BLOCKS];

static void *work(void *argument) {
  int number = (int)(intptr_t)argument;
  struct workload *mine = &works[number], *theirs = &works[(number + 1) % THREADS];
  mine->random = (uint32_t)number;
  mine->last = (uint32_t)number * 1000003;
  mine->largest = 60000;
  pthread_barrier_wait(&start);
  workload_allocate(mine, EACH);
  pthread_barrier_wait(&half_time);
  workload_verify(theirs);
  workload_allocate(theirs, EACH / 2);
  ended++;
  return NULL;
}

static int overlaps(void) {
  int count = 0, overlapping = 0;
  for (int t = 0; t < THREADS; t++) {
    memcpy(all + count, works[t].blocks, (size_t)works[t].count * sizeof *all);
    count += works[t].count;
  }
  qsort(all, (size_t)count, sizeof *all, workload_by_address);
  for (int i = 1; i < count; i++)
    overlapping += all[i - 1].at + all[i - 1].size > all[i].at;
  return overlapping;
}

static int report(void) {
  int refused = 0;
  size_t total = 0;
  CHECK("no blocks of two threads overlap", overlaps() == 0);
  for (int t = 0; t < THREADS; t++) {
    char who[32];
    snprintf(who, sizeof who, "thread %d", t);
    workload_verify(&works[t]);
    workload_report(&works[t], who);
    refused += works[t].refused;
    total += works[t].total;
  }
#ifdef SMALL
  CHECK("memory ends for every thread", refused == THREADS);
  CHECK("a good part of it was had", total > 3000000);
#elif defined WITH_MINI_ALLOC  // others refuse a request when another thread has just grown memory
  CHECK("all was had that was asked for", refused == 0);
#endif
  for (int t = 0; t < THREADS; t++)
    workload_free(&works[t]);
  return checks_done();
}

static void look(void *unused) {
  if (ended == THREADS) emscripten_force_exit(report());
  emscripten_async_call(look, unused, 20);
}

int main(void) {
  pthread_barrier_init(&start, NULL, THREADS);
  pthread_barrier_init(&half_time, NULL, THREADS);
  int started = 0;
  for (intptr_t t = 0; t < THREADS; t++)
    started += pthread_create(&threads[t], NULL, work, (void *)t) == 0;
  CHECK("the threads are started", started == THREADS);
#ifdef JOIN
  for (int t = 0; t < THREADS; t++)
    pthread_join(threads[t], NULL);
  return report();
#else
  look(NULL);
  emscripten_exit_with_live_runtime();
#endif
}
