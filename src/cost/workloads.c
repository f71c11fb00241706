// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The workloads that `mini-alloc cost` measures, linked with one allocator after the other. Each is
// exported as `int name(int n)`: it does one thing n times in a loop, and returns 0, or something
// else at once when the allocator refuses. With _touched at the end of its name, it also writes
// every byte that it was given, as a program would. `loop` is what all of them spend on going
// round: to be subtracted.
//
//   malloc_*   a block, kept for ever                 pair_*     a block, freed at once
//   calloc_*   the same, zeroed                       lifo_*     64 blocks, freed last one first
//   churn_*    a random block among many replaced by one of random size
//   realloc_*  a buffer that grows, is freed, and starts again
//
// The blocks of a churn are there before its first round; `churn(0)` prepares them and no more.
//
// What keeps the comparison fair
//   F1  Every block passes through `kept`, which is volatile. So no call can be left out, and no
//       malloc with the memset after it becomes a calloc, though nothing is compiled with
//       -fno-builtin: users do not.
//   F2  Between two calls anything may have happened to memory (MEMORY_CHANGES), so an allocator
//       that is inlined cannot carry its state in locals from one round to the next.
//   F3  No loop is unrolled, which clang would otherwise do for one allocator and not for another.
#include <emscripten/emscripten.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// One unit with the allocator, by its strong names, since a weak one is never inlined.
#ifdef MINI_ALLOC_INLINED
#include "../mini_alloc.c"
#define malloc emscripten_builtin_malloc
#define calloc emscripten_builtin_calloc
#define realloc emscripten_builtin_realloc
#define free emscripten_builtin_free
#endif

#define INLINE static inline __attribute__((always_inline))
#define MEMORY_CHANGES() __asm__ volatile("" : : : "memory")
#define NOT_UNROLLED _Pragma("clang loop unroll(disable)")
#define REPEAT(n) NOT_UNROLLED for (; (n) > 0; (n)--)

static void *volatile kept;

// Gives the block to the rest of the program, for all that a compiler knows.
INLINE void *escape(void *block) {
  kept = block;
  MEMORY_CHANGES();
  return kept;
}

// Not with 0, which calloc could have done; and before the free that would make it pointless.
INLINE void touch(void *block, size_t from, size_t to) {
  memset((char *)block + from, 1, to - from);
  MEMORY_CHANGES();
}

// ---- blocks of one size ------------------------------------------------------------------------

INLINE int go_round(int n) {
  REPEAT(n) {
    if (!escape((void *)&kept)) break;
  }
  return n;
}

INLINE int mallocs(int n, size_t size, bool touched) {
  REPEAT(n) {
    void *block = escape(malloc(size));
    if (!block) break;
    if (touched) touch(block, 0, size);
  }
  return n;
}

INLINE int callocs(int n, size_t size, bool touched) {
  REPEAT(n) {
    void *block = escape(calloc(1, size));
    if (!block) break;
    if (touched) touch(block, 0, size);
  }
  return n;
}

INLINE int pairs(int n, size_t size, bool touched) {
  REPEAT(n) {
    void *block = escape(malloc(size));
    if (!block) break;
    if (touched) touch(block, 0, size);
    free(block);
  }
  return n;
}

// One operation is a malloc and its free.
INLINE int lifo(int n, size_t size, bool touched) {
  static void *stack[64];
  const int most = sizeof stack / sizeof stack[0];
  NOT_UNROLLED for (int depth; n > 0; n -= depth) {
    depth = n < most ? n : most;
    NOT_UNROLLED for (int i = 0; i < depth; i++) {
      stack[i] = escape(malloc(size));
      if (!stack[i]) return n;
      if (touched) touch(stack[i], 0, size);
    }
    NOT_UNROLLED for (int i = depth; i-- > 0;) {
      free(stack[i]);
    }
  }
  return n;
}

// ---- churn -------------------------------------------------------------------------------------

// The same numbers in every run.
static uint32_t random_bits(void) {
  static uint64_t state;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 32);
}

INLINE void *random_block(uint32_t bits, size_t largest, bool touched) {
  size_t size = 1 + (bits >> 16) % largest;
  void *block = escape(malloc(size));
  if (block && touched) touch(block, 0, size);
  return block;
}

// `blocks` and `largest` are powers of two, of at most 2^16.
INLINE int churn(int n, size_t blocks, size_t largest, bool touched) {
  static void *live[1 << 16];
  static size_t filled;
  NOT_UNROLLED for (; filled < blocks; filled++) {
    live[filled] = random_block(random_bits(), largest, touched);
    if (!live[filled]) return 1;
  }
  REPEAT(n) {
    uint32_t bits = random_bits();
    size_t i = bits % blocks;
    free(live[i]);
    live[i] = random_block(bits, largest, touched);
    if (!live[i]) break;
  }
  return n;
}

// ---- realloc -----------------------------------------------------------------------------------

INLINE size_t doubled(size_t size) {
  return size ? 2 * size : 16;
}

INLINE size_t appended(size_t size) {
  return size + 16;
}

// One operation is a realloc, to the size that comes next. `apart`: with a small block after each,
// so that the buffer never is the last block.
INLINE int growing(int n, size_t next(size_t), size_t largest, bool apart, bool touched) {
  NOT_UNROLLED while (n > 0) {
    void *buffer = NULL;
    NOT_UNROLLED for (size_t held = 0, size; held < largest && n > 0; held = size, n--) {
      size = next(held);
      buffer = escape(realloc(buffer, size));
      if (!buffer) return n;
      if (touched) touch(buffer, held, size);
      if (apart && !escape(malloc(8))) return n;
    }
    free(buffer);
  }
  return n;
}

// ---- the exported functions --------------------------------------------------------------------

#define FUNCTION(name, is_touched, body) \
  EMSCRIPTEN_KEEPALIVE int name(int n) { \
    const bool touched = is_touched;     \
    return body;                         \
  }
#define WORKLOAD(name, body)  \
  FUNCTION(name, false, body) \
  FUNCTION(name##_touched, true, body)

EMSCRIPTEN_KEEPALIVE int loop(int n) {
  return go_round(n);
}

WORKLOAD(malloc_8, mallocs(n, 8, touched))
WORKLOAD(malloc_16, mallocs(n, 16, touched))
WORKLOAD(malloc_64, mallocs(n, 64, touched))
WORKLOAD(malloc_1000, mallocs(n, 1000, touched))

WORKLOAD(calloc_16, callocs(n, 16, touched))
WORKLOAD(calloc_1000, callocs(n, 1000, touched))
WORKLOAD(calloc_1mb, callocs(n, 1 << 20, touched))

WORKLOAD(pair_16, pairs(n, 16, touched))
WORKLOAD(pair_1000, pairs(n, 1000, touched))

WORKLOAD(lifo_16, lifo(n, 16, touched))
WORKLOAD(lifo_64, lifo(n, 64, touched))
WORKLOAD(lifo_1000, lifo(n, 1000, touched))

WORKLOAD(churn_1024_256, churn(n, 1024, 256, touched))
WORKLOAD(churn_65536_256, churn(n, 65536, 256, touched))
WORKLOAD(churn_1024_4096, churn(n, 1024, 4096, touched))

WORKLOAD(realloc_double, growing(n, doubled, 65536, false, touched))
WORKLOAD(realloc_append, growing(n, appended, 4096, false, touched))
WORKLOAD(realloc_append_apart, growing(n, appended, 4096, true, touched))
