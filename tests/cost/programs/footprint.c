// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Wants what dlmalloc alone has.
#include <stdlib.h>

size_t malloc_footprint(void);

int main(void) {
  char *volatile p = malloc(100);
  return p && malloc_footprint() > 0 ? 0 : 1;
}
