// Every call that there is to record, once at least; calls.js tells what each must become.

#include <malloc.h>
#include <mini_alloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *reallocarray(void *block, size_t count, size_t size);

int main(void) {
  void *block = malloc(100), *aligned;
  calloc(3, 5);
  block = realloc(block, 200);
  block = realloc(block, 300);
  free(block);
  free(NULL);
  free((void *)16);
  realloc(NULL, 10);
  aligned_alloc(64, 0);
  memalign(32, 5);
  posix_memalign(&aligned, 16, 7);
  mini_alloc(3, 1);
  uintptr_t mark = mini_alloc_mark();
  mini_alloc_zeroed(0, 1);
  malloc(0);
  mini_alloc_reset(mark);
  mini_alloc_reset(1);
  strdup("hello");
  block = malloc(20 << 20);
  malloc(0xF0000000);
  calloc(65536, 65536);
  reallocarray(block, 65536, 65536);
  mini_alloc(8, 3);
  reallocarray(block, 4, 4);
  puts("done");
  return 0;
}
