// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A module with nothing in it but malloc, calloc and free.

#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(take) void *take(size_t size) {
  return malloc(size);
}
EXPORT(take_zeroed) void *take_zeroed(size_t count, size_t size) {
  return calloc(count, size);
}
EXPORT(give_back) void give_back(void *block) {
  free(block);
}
