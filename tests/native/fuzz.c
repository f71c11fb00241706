// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The fuzzer: any string of bytes is a heap and a sequence of calls (tape.h).
#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (!play(bytes, size)) abort();
  return 0;
}
