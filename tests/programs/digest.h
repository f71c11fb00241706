// SPDX-License-Identifier: MIT OR Apache-2.0
//
// FNV-1a in 64 bits: enough to tell two results apart in one line of output.
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t digest_bytes(uint64_t digest, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    digest = (digest ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
  return digest;
}

#endif
