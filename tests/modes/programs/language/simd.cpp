// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Vectors of 16 bytes in memory of malloc (which aligns to 8: WebAssembly loads and stores them at
// any address), of aligned_alloc, and of new, which aligns to the type.

#include <wasm_simd128.h>

#include <memory>
#include <vector>

#include "../../workload.h"

enum { VECTORS = 999, ARRAYS = 64 };

static struct workload work;

static void fill(v128_t *vectors, int seed) {
  for (int i = 0; i < VECTORS; i++)
    vectors[i] = wasm_i32x4_add(wasm_i32x4_splat(seed + i), wasm_i32x4_make(0, 1000, 2000, 3000));
}

static int wrong_sums(const v128_t *vectors, int seed) {
  int wrong = 0;
  for (int i = 0; i < VECTORS; i++) {
    v128_t v = wasm_v128_load(vectors + i);
    int sum = wasm_i32x4_extract_lane(v, 0) + wasm_i32x4_extract_lane(v, 1) +
              wasm_i32x4_extract_lane(v, 2) + wasm_i32x4_extract_lane(v, 3);
    wrong += sum != 4 * (seed + i) + 6000;
  }
  return wrong;
}

int main() {
  static v128_t *arrays[ARRAYS];
  std::vector<std::unique_ptr<v128_t[]>> of_new;
  int misaligned = 0, unaligned = 0, wrong = 0;
  for (int i = 0; i < ARRAYS; i++) {
    size_t size = VECTORS * sizeof(v128_t);
    workload_allocate(&work, 100000);
    arrays[i] = static_cast<v128_t *>(i % 2 ? aligned_alloc(16, size) : malloc(size));
    misaligned += reinterpret_cast<uintptr_t>(arrays[i]) % (i % 2 ? 16 : 8) != 0;
    unaligned += reinterpret_cast<uintptr_t>(arrays[i]) % 16 != 0;
    fill(arrays[i], i);
    of_new.emplace_back(new v128_t[VECTORS]);
    misaligned += reinterpret_cast<uintptr_t>(of_new.back().get()) % 16 != 0;
    fill(of_new.back().get(), -i);
  }
  for (int i = 0; i < ARRAYS; i++)
    wrong += wrong_sums(arrays[i], i) + wrong_sums(of_new[i].get(), -i);
  printf("%d of %d arrays are not aligned to 16\n", unaligned, ARRAYS);
  CHECK("aligned_alloc and new align vectors to 16, malloc to 8", misaligned == 0);
  CHECK("vectors hold what was stored, wherever they lie", wrong == 0);
  workload_allocate(&work, 10000000);
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  return checks_done();
}
