// SPDX-License-Identifier: MIT OR Apache-2.0
#include "../serves_malloc.h"

int main(void) {
  check_mini_alloc_serves_malloc();
  return checks_done();
}
