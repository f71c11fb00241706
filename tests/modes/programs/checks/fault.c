// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A program with one FAULT, for a sanitizer to find.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { USE_AFTER_FREE, OVERFLOW, DOUBLE_FREE, LEAK, UNDEFINED };

static void *volatile block;

int main(void) {
  volatile int large = INT32_MAX;
  unsigned char *bytes = block = malloc(100);
  bytes[5] = 1;
  if (FAULT == USE_AFTER_FREE) {
    free(block);
    printf("%d\n", ((volatile unsigned char *)block)[5]);
  }
  if (FAULT == OVERFLOW) ((volatile unsigned char *)block)[100] = 1;
  if (FAULT == DOUBLE_FREE) {
    free(block);
    free(block);
  }
  if (FAULT == LEAK) bytes = block = NULL;
  if (FAULT == UNDEFINED) printf("%d\n", large + 1);
  free(block);
  return 0;
}
