// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The tally as a Stylus contract: the imports are the VM's, the allocator adds none. It is given
// the text as calldata, and returns the digest and the count of accounts, in little endian.

#include "tally.h"

#define EXPORT(name) __attribute__((export_name(#name)))
#define HOOK(name) __attribute__((import_module("vm_hooks"), import_name(#name)))

HOOK(read_args) void read_args(uint8_t *to);
HOOK(write_result) void write_result(const uint8_t *bytes, size_t size);
HOOK(pay_for_memory_grow) void pay_for_memory_grow(uint32_t pages);

// Stylus demands that a program whose memory may grow imports the hook that pays for it, and puts
// the calls of it before each memory.grow by itself.
EXPORT(mark_used) void mark_used(void) {
  pay_for_memory_grow(0);
}

EXPORT(user_entrypoint) int user_entrypoint(size_t size) {
  tally t = {0};
  char *text = malloc(size);
  if (!text) return 1;
  read_args((uint8_t *)text);
  if (!take(&t, text, size) || damaged(&t) != 0) return 1;
  struct {
    uint64_t digest, accounts;
  } result = {digest(&t), t.account_count};
  write_result((const uint8_t *)&result, sizeof result);
  return 0;
}
