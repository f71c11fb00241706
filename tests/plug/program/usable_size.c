// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Asks for what an allocator without headers does not know.
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  void *volatile block = malloc(100);
  printf("%d\n", (int)malloc_usable_size(block));
  return 0;
}
