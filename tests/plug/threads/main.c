// SPDX-License-Identifier: MIT OR Apache-2.0
#include <pthread.h>

#include "../serves_malloc.h"

static mini_alloc_info of_worker;

static void *work(void *unused) {
  (void)unused;
  void *volatile block = malloc(100);
  mini_alloc_get_info(&of_worker);
  return block;
}

int main(void) {
  check_mini_alloc_serves_malloc();
  mini_alloc_info of_main;
  mini_alloc_get_info(&of_main);

  pthread_t worker;
  void *block = NULL;
  int failed = pthread_create(&worker, NULL, work, NULL) || pthread_join(worker, &block);
  CHECK("a worker runs", !failed);
  CHECK("its block is from its own bump pointer", of_worker.bump == (uintptr_t)block + 100);
  CHECK("which is not the main thread's", of_worker.limit != of_main.limit);
  return checks_done();
}
