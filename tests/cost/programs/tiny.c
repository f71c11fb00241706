// SPDX-License-Identifier: MIT OR Apache-2.0
//
// As little as can be beside malloc: nothing is printed, no argument is looked at.
#include <stdlib.h>

int main(void) {
  for (int i = 0; i < 100; i++) {
    char *volatile p = malloc(16);
    *p = 1;
  }
  return 0;
}
