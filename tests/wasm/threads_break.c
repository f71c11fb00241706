// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Some threads take from malloc, a new page each few blocks, and others from sbrk: all move the
// break, and no two may be given the same bytes.

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "../helpers/check.h"
#include "blocks.h"

enum { THREADS = 6, BLOCKS = 3000, TRIES = 1000 };

static block blocks[THREADS * BLOCKS];
static pthread_barrier_t start;

// libc's sbrk, where that is the one, fails if another thread has grown memory meanwhile.
static void *move_break(size_t size) {
  for (int i = 0; i < TRIES; i++) {
    void *at = sbrk((intptr_t)size);
    if (at != (void *)-1) return at;
  }
  return NULL;
}

static void *work(void *argument) {
  int number = (int)(intptr_t)argument;
  pthread_barrier_wait(&start);
  for (int i = 0; i < BLOCKS; i++) {
    size_t size = number % 2 ? 16 + (size_t)i * 37 % 500 : 1000 + (size_t)i * 997 % 4000;
    void *at = number % 2 ? move_break(size) : malloc(size);
    blocks[number * BLOCKS + i] = (block){at, size, 0};
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  pthread_barrier_init(&start, NULL, THREADS);
  for (int i = 0; i < THREADS; i++)
    pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i);
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);

  int refused = 0;
  for (int i = 0; i < THREADS * BLOCKS; i++)
    refused += blocks[i].at == NULL;
  CHECK("all was had that was asked for", refused == 0);
  CHECK("no two blocks overlap", !overlap(blocks, THREADS * BLOCKS));
  return checks_done();
}
