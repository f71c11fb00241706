// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Allocates before main, in the constructors of objects with static storage; what they made lives
// to the end. (EVAL_CTORS runs them at build time, and keeps the memory they leave.)

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "../../workload.h"

struct list {
  unsigned char *bytes[50];
  list() {
    for (int i = 0; i < 50; i++) {
      bytes[i] = static_cast<unsigned char *>(i % 2 ? calloc(1, 100) : malloc(100));
      memset(bytes[i], i + 1, 50);
    }
  }
};

static list early;
static struct workload work;

static int wrong() {
  int count = 0;
  for (int i = 0; i < 50; i++) {
    for (int k = 0; k < 50; k++)
      count += early.bytes[i][k] != i + 1;
    if (i % 2) count += !workload_is_zero(early.bytes[i] + 50, 50);
  }
  return count;
}

int main() {
  CHECK("what constructors allocated holds what they wrote", wrong() == 0);
  workload_allocate(&work, 16000000);
  CHECK("and holds it when memory has grown", wrong() == 0);
  for (int i = 0; i < 50; i++) {
    early.bytes[i] = static_cast<unsigned char *>(realloc(early.bytes[i], 3000));
    memset(early.bytes[i] + 100, i, 2900);
  }
  CHECK("and after a realloc", wrong() == 0);
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  return checks_done();
}
