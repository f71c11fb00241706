// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Prints what is each allocator's own business.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  char *volatile p = malloc(8);
  char *volatile q = malloc(8);
  puts("first line");
  printf("\033 %d bytes apart\n", (int)(q - p));
  return 0;
}
