// SPDX-License-Identifier: MIT OR Apache-2.0
//
// An sbrk as Emscripten's libc had it from 3.1.36 to 3.1.70 (system/lib/libc/sbrk.c): it moves the
// break without our lock, and takes all of memory for its own. In the place of ours, on the memory
// of memory.h.
#ifndef NATIVE_LIBC_SBRK_H
#define NATIVE_LIBC_SBRK_H

#include <stdint.h>

#include "memory.h"

// Has another thread call sbrk(bytes) as the calling one looks for the break the `nth` time from
// now; 0: never. Returns where those bytes were to be had, once they were, or else 0.
void libc_sbrk_at(unsigned nth, word bytes);
word libc_sbrk_got(void);

#endif
