// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A module without a main, through which a test in JavaScript calls the allocator directly. The
// allocator's own functions are exported by the linker; these are the ones that need a little C.

#include <errno.h>
#include <mini_alloc.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(get_errno) int get_errno(void) {
  return errno;
}
EXPORT(set_errno) void set_errno(int value) {
  errno = value;
}

// One out of base, bump, limit, pages.
EXPORT(info) uintptr_t info(int field) {
  mini_alloc_info now;
  mini_alloc_get_info(&now);
  return field == 0 ? now.base : field == 1 ? now.bump : field == 2 ? now.limit : now.pages;
}

// posix_memalign with an out parameter that we can look at; returns the error.
static void *posix_out;
EXPORT(posix) int posix(size_t align, size_t size) {
  return posix_memalign(&posix_out, align, size);
}
EXPORT(get_posix_out) void *get_posix_out(void) {
  return posix_out;
}
EXPORT(set_posix_out) void set_posix_out(void *value) {
  posix_out = value;
}

// `count` blocks of `size`; returns how many could be had.
EXPORT(malloc_many) unsigned malloc_many(unsigned count, size_t size) {
  for (unsigned i = 0; i < count; i++) {
    void *volatile block = malloc(size);
    if (!block) return i;
  }
  return count;
}

// The first byte in [from, from + size) that is not `value`, or from + size; addresses may wrap.
EXPORT(find_other) uintptr_t find_other(uintptr_t from, size_t size, int value) {
  for (size_t i = 0; i < size; i++) {
    if (*(unsigned char *)(from + i) != (unsigned char)value) return from + i;
  }
  return from + size;
}
