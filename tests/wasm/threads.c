// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Eight workers allocate, write and check at once, while memory grows: no two blocks overlap, none
// is damaged, fresh ones are zero, and a block may be realloc'ed by another thread than its maker.

#include <errno.h>
#include <mini_alloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../helpers/check.h"
#include "blocks.h"

enum { WORKERS = 8, BLOCKS = 1500 };

typedef struct worker {
  int number;
  int refused, dirty, damaged, misaligned, bad_info;
  block blocks[BLOCKS];
} worker;

static worker workers[WORKERS];
static pthread_barrier_t start, half_time;

static int holds_only(const block *b, size_t size, unsigned char value) {
  for (size_t i = 0; i < size; i++) {
    if (b->at[i] != value) return 0;
  }
  return 1;
}

static uint32_t next_random(uint32_t *state) {
  *state = *state * 1664525 + 1013904223;
  return *state >> 8;
}

// Mostly small, sometimes more than a chunk, rarely an alignment that spans pages.
static void *request(int kind, size_t size, size_t *align) {
  *align = 8;
  switch (kind) {
    case 0:
      return calloc(1, size);
    case 1:
      *align = 1;
      return mini_alloc(size, 1);
    case 2:
      *align = size % 50 == 0 ? 131072 : 256;
      return aligned_alloc(*align, size);
    case 3:
      return sbrk((intptr_t)size);
    default:
      return malloc(size);
  }
}

static void allocate_one(worker *me, int i, uint32_t *random) {
  size_t size = 1 + next_random(random) % (i % 40 == 0 ? 150000 : 700), align;
  block b = {request((int)(next_random(random) % 6), size, &align), size,
             (unsigned char)(1 + (me->number * 31 + i) % 255)};
  if (b.at == NULL || b.at == (unsigned char *)-1) {
    me->refused++;
    b.at = NULL;
    b.size = 0;
  } else {
    me->misaligned += (uintptr_t)b.at % align != 0;
    me->dirty += !holds_only(&b, size, 0);
    memset(b.at, b.value, size);
  }
  me->blocks[i] = b;
}

// Grows a block of the neighbor's, who waits for it.
static void adopt(worker *me, int i) {
  block *theirs = &workers[(me->number + 1) % WORKERS].blocks[i];
  unsigned char *moved = realloc(theirs->at, theirs->size + 100);
  me->refused += moved == NULL;
  if (moved == NULL) return;
  theirs->at = moved;
  me->damaged += !holds_only(theirs, theirs->size, theirs->value);
}

static void *work(void *argument) {
  worker *me = argument;
  uint32_t random = 17 + (uint32_t)me->number;
  pthread_barrier_wait(&start);
  for (int i = 0; i < BLOCKS; i++)
    allocate_one(me, i, &random);
  pthread_barrier_wait(&half_time);
  for (int i = 0; i < BLOCKS; i += 7)
    adopt(me, i);
  unsigned char *text = NULL;
  for (size_t size = 1; size < 5000; size += 3) {
    text = realloc(text, size);
    text[size - 1] = (unsigned char)me->number;
  }
  block b = {text, 0, 0};
  for (size_t size = 1; size < 5000; size += 3) {
    b.at = text + size - 1;
    me->damaged += !holds_only(&b, 1, (unsigned char)me->number);
  }
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  me->bad_info = !(info.base < info.bump && info.bump <= info.limit && info.limit % 65536 == 0);
  return NULL;
}

static int any_overlap(void) {
  static block all[WORKERS * BLOCKS];
  for (int w = 0; w < WORKERS; w++) {
    memcpy(all + w * BLOCKS, workers[w].blocks, sizeof workers[w].blocks);
  }
  return overlap(all, WORKERS * BLOCKS);
}

int main(void) {
  pthread_t threads[WORKERS];
  size_t pages_before = (size_t)__builtin_wasm_memory_size(0);
  pthread_barrier_init(&start, NULL, WORKERS);
  pthread_barrier_init(&half_time, NULL, WORKERS);
  int started = 0;
  for (int w = 0; w < WORKERS; w++) {
    workers[w].number = w;
    started += pthread_create(&threads[w], NULL, work, &workers[w]) == 0;
  }
  for (int w = 0; w < WORKERS; w++)
    pthread_join(threads[w], NULL);
  int refused = 0, dirty = 0, damaged = 0, misaligned = 0, bad_info = 0;
  for (int w = 0; w < WORKERS; w++) {
    worker *one = &workers[w];
    for (int i = 0; i < BLOCKS; i++) {
      one->damaged += !holds_only(&one->blocks[i], one->blocks[i].size, one->blocks[i].value);
    }
    refused += one->refused;
    dirty += one->dirty;
    damaged += one->damaged;
    misaligned += one->misaligned;
    bad_info += one->bad_info;
  }
  CHECK("eight workers ran", started == WORKERS);
  CHECK("no request was refused", refused == 0);
  CHECK("fresh memory is zero in every thread", dirty == 0);
  CHECK("no block is damaged, also after a realloc by another thread", damaged == 0);
  CHECK("every block is aligned", misaligned == 0);
  CHECK("no two blocks overlap", !any_overlap());
  CHECK("every thread has a bump pointer and a limit of its own", bad_info == 0);
  CHECK("memory has grown", (size_t)__builtin_wasm_memory_size(0) > pages_before);
  void *volatile impossible = malloc(0xfffffff0);
  CHECK("what can not be had is refused", impossible == NULL && errno == ENOMEM);
  void *volatile possible = malloc(10);
  CHECK("and the next request is served", possible != NULL);
  return checks_done();
}
