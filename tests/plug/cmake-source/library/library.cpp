// SPDX-License-Identifier: MIT OR Apache-2.0
#include "../../serves_malloc.h"

int check_from_library() {
  check_mini_alloc_serves_malloc();
  return checks_done();
}
