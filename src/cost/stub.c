// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The allocator that does nothing, for workloads.c: the floor under all the others. Whatever is
// asked for, the answer is one block of 1 MiB, the most that any workload asks for; so a workload
// can write to it. wasm-opt puts these bodies in the place of the calls, which is meant: what a
// workload then costs is what it costs without an allocator. Programs do not work with it.
#include <stddef.h>
#include <stdlib.h>

static _Alignas(16) unsigned char block[1 << 20];

void *malloc(size_t size) {
  (void)size;
  return block;
}

void *calloc(size_t count, size_t size) {
  (void)count;
  (void)size;
  return block;
}

void *realloc(void *old, size_t size) {
  (void)old;
  (void)size;
  return block;
}

void free(void *old) {
  (void)old;
}
