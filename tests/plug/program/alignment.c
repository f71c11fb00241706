// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What is left when the addresses of three small blocks are divided by 64.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  uintptr_t rest = 0;
  for (int i = 0; i < 3; i++) {
    void *volatile block = malloc(1);
    rest |= (uintptr_t)block % 64;
  }
  printf("%d\n", (int)rest);
  return 0;
}
