// SPDX-License-Identifier: MIT OR Apache-2.0
//
// longjmp across many frames that allocate, again and again; the blocks made on the way live on.

#include <setjmp.h>

#include "../../workload.h"

enum { JUMPS = 300 };

static struct workload work;
static jmp_buf back;
static struct workload_block kept[JUMPS];

static struct workload_block make(int i) {
  size_t size = (size_t)(i * 53 % 4000) + 1;
  struct workload_block b = {malloc(size), size, (uint32_t)i + 1000, 1};
  if (b.at) workload_write(b);
  return b;
}

static void descend(int depth, int i) {
  if (depth % 8 == 1) workload_allocate(&work, 3000);
  if (depth == 0) {
    kept[i] = make(i);
    longjmp(back, i + 1);
  }
  descend(depth - 1, i);
  workload_allocate(&work, 1);  // never reached; or the call above would be the last thing done
}

int main(void) {
  volatile int jumps = 0, in_order = 1;
  int came = setjmp(back);
  in_order = in_order && came == jumps;
  if (came < JUMPS) {
    jumps++;
    descend(came % 30 + 1, came);
  }
  CHECK("every longjmp came back with its number", in_order && jumps == JUMPS);
  int whole = 1;
  for (int i = 0; i < JUMPS; i++)
    whole = whole && kept[i].at && workload_holds(kept[i], kept[i].size);
  CHECK("blocks made right before a jump keep what was written", whole);
  workload_allocate(&work, 10000000);
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  return checks_done();
}
