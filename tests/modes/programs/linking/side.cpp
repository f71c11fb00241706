// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A side module in C++: objects with constructors, containers, new and delete.

#include "side.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "../../workload.h"

static struct workload work;
static std::vector<std::string> names = {"one, and long enough to lie in the heap", "two", "three"};
static std::map<int, std::unique_ptr<int[]>> arrays;
static int zeros[5000];

int side_is_constructed() {
  return names.size() == 3;
}

int side_is_whole() {
  int right = names[0] == "one, and long enough to lie in the heap" && names[2] == "three";
  right = right && workload_is_zero(reinterpret_cast<unsigned char *>(zeros), sizeof zeros);
  for (auto &[length, array] : arrays) {
    for (int i = 0; i < length; i++)
      right = right && array[size_t(i)] == length + i;
  }
  return right;
}

void side_allocate(size_t bytes) {
  workload_allocate(&work, bytes);
  for (int k = 0; k < 50; k++) {
    int length = int(arrays.size()) + 1;
    auto &array = arrays[length] = std::make_unique<int[]>(size_t(length));
    for (int i = 0; i < length; i++)
      array[size_t(i)] = length + i;
  }
}

struct workload *side_verify() {
  workload_verify(&work);
  return &work;
}

unsigned char *side_make(size_t size, int value) {
  auto *block = static_cast<unsigned char *>(operator new(size));
  return static_cast<unsigned char *>(memset(block, value, size));
}

int side_take(unsigned char *block, size_t size, int value) {
  std::unique_ptr<unsigned char[]> owned(block);
  for (size_t i = 0; i < size; i++) {
    if (owned[i] != (unsigned char)value) return 0;
  }
  return 1;
}
