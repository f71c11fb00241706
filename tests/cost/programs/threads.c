// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Two threads that allocate.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *unused) {
  for (int i = 0; i < 1000; i++) {
    char *volatile p = malloc(16);
    free(p);
  }
  return unused;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  puts("joined");
  return 0;
}
