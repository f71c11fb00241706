// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a side module of these programs offers. Each has data, and damage done to them is seen.
#ifndef SIDE_H
#define SIDE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Whether its constructors have run.
int side_is_constructed(void);

// Whether its data are as they were, at the start or after the constructors.
int side_is_whole(void);

// Allocates in the side module, by so many bytes.
void side_allocate(size_t bytes);

// Its blocks, verified.
struct workload *side_verify(void);

// A block of `size` bytes, each `value`, which the caller has to free.
unsigned char *side_make(size_t size, int value);

// Takes such a block over: whether it holds `value`. Reallocates and frees it.
int side_take(unsigned char *block, size_t size, int value);

#ifdef __cplusplus
}
#endif

#endif
