// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Linked with a memory that ends at 16 MiB.
#include <new>
#include <string>
#include <vector>

#include "../serves_malloc.h"

namespace {

constexpr size_t kTooMuch = 64 << 20, kBlock = 100000;

template <class Action>
bool throws_bad_alloc(Action action) {
  try {
    action();
  } catch (const std::bad_alloc &) {
    return true;
  }
  return false;
}

bool small_block_works() {
  int *volatile number = new int(7);
  return *number == 7;
}

}  // namespace

int main() {
  check_mini_alloc_serves_malloc();
  volatile size_t too_much = kTooMuch;
  char *volatile sink = nullptr;

  CHECK("new[] of too much throws bad_alloc", throws_bad_alloc([&] { sink = new char[too_much]; }));
  CHECK("aligned new of too much throws bad_alloc", throws_bad_alloc([&] {
          sink = static_cast<char *>(::operator new (too_much, std::align_val_t{4096}));
        }));
  CHECK("a vector that becomes too large throws bad_alloc", throws_bad_alloc([&] {
          std::vector<char> bytes(too_much);
          sink = bytes.data();
        }));
  CHECK("new (nothrow) of too much is null", !(sink = new (std::nothrow) char[too_much]));
  CHECK(
      "aligned new (nothrow) of too much is null",
      !(sink = static_cast<char *>(::operator new (too_much, std::align_val_t{64}, std::nothrow))));
  CHECK("a small block still works", small_block_works());

  int blocks = 0;
  CHECK("block after block ends in bad_alloc", throws_bad_alloc([&] {
          for (;; blocks++)
            sink = new char[kBlock];
        }));
  CHECK("after most of the memory", blocks * kBlock > 8 << 20 && blocks * kBlock < 16 << 20);
  CHECK("what is left serves small blocks", small_block_works());
  return checks_done();
}
