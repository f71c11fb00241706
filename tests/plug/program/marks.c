// SPDX-License-Identifier: MIT OR Apache-2.0
#include "../serves_malloc.h"

int main(void) {
  check_mini_alloc_serves_malloc();
  uintptr_t mark = mini_alloc_mark();
  char *volatile block = (char *)malloc(100);
  CHECK("there is a block", block);
  CHECK("reset gives it back", mini_alloc_reset(mark) == 0 && mini_alloc_mark() == mark);
  return checks_done();
}
