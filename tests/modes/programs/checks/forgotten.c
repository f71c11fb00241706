// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The checking workload, after checks that it is mini-alloc that serves malloc: what is linked
// where -sMALLOC=none was forgotten? USABLE and MALLINFO: a call that could draw in another one.

#include <malloc.h>

#include "../../workload.h"
#ifdef WITH_MINI_ALLOC
#include "../../../plug/serves_malloc.h"
#endif

static struct workload work;

int main(void) {
#ifdef WITH_MINI_ALLOC
  check_mini_alloc_serves_malloc();
#endif
  workload_allocate(&work, 8000000);
#ifdef USABLE
  void *volatile block = malloc(100);
  CHECK("malloc_usable_size is not less than what was asked for", malloc_usable_size(block) >= 100);
#endif
#ifdef MALLINFO
  CHECK("mallinfo knows of what is in use", (size_t)mallinfo().uordblks > work.total / 2);
#endif
  workload_allocate(&work, 8000000);
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  return checks_done();
}
