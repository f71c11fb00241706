// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the memory profiler is to show: 10 blocks of 1000 bytes and one of 500,000, 3 of the small
// ones freed, and the large one grown to 600,000.

#include <stdlib.h>

int main(void) {
  char *volatile blocks[10];
  for (int i = 0; i < 10; i++)
    blocks[i] = i % 2 ? malloc(1000) : calloc(10, 100);
  char *volatile large = realloc(NULL, 500000);
  large = realloc(large, 600000);
  for (int i = 0; i < 3; i++)
    free(blocks[i]);
  return 0;
}
