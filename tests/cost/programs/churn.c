// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Has 1 MiB at a time, 40 times: all that it allocates does not fit into 16 MiB.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  for (int i = 0; i < 40; i++) {
    char *volatile p = malloc(1 << 20);
    char *volatile q = malloc(16);  // not the last block, so that free gives nothing back
    if (!p || !q) {
      puts("no memory");
      return 1;
    }
    free(p);
  }
  puts("done");
  return 0;
}
