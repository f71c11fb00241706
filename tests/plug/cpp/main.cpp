// SPDX-License-Identifier: MIT OR Apache-2.0
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "../serves_malloc.h"

namespace {

uintptr_t bump() {
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  return info.bump;
}

bool aligned(const void *block, uintptr_t align) {
  return block && reinterpret_cast<uintptr_t>(block) % align == 0;
}

struct alignas(64) Wide {
  char bytes[64];
};

void check_new() {
  uintptr_t before = bump();
  int *volatile number = new int(42);
  CHECK("new takes its block at the bump pointer", reinterpret_cast<uintptr_t>(number) >= before);
  CHECK("and moves it", bump() == reinterpret_cast<uintptr_t>(number) + sizeof(int));
  CHECK("and constructs", *number == 42);
  delete number;
  int *volatile numbers = new int[1000]();
  CHECK("delete gives nothing back", numbers > number);
  CHECK("new[] initializes", numbers[0] == 0 && numbers[999] == 0);
  delete[] numbers;
}

void check_aligned_new() {
  int misaligned = 0;
  for (int i = 0; i < 8; i++) {
    char *volatile odd = new char[3];  // so that no alignment comes by chance
    Wide *volatile wide = new Wide, *volatile several = new Wide[3];
    if (!aligned(wide, 64) || !aligned(several, 64)) misaligned++;
    delete[] odd;
    delete wide;
    delete[] several;
  }
  CHECK("new aligns what is declared alignas(64)", misaligned == 0);
  const auto page = static_cast<std::align_val_t>(4096);
  void *volatile block = ::operator new(10, page);
  CHECK("new aligns to 4096", aligned(block, 4096));
  ::operator delete(block, page);
}

void check_containers() {
  uintptr_t before = bump();
  std::vector<int> numbers;
  for (int i = 0; i < 100000; i++)
    numbers.push_back(i);
  long long sum = 0;
  for (int number : numbers)
    sum += number;
  CHECK("a vector grows to 100,000 numbers and keeps them", sum == 4999950000LL);
  CHECK("in memory from the bump pointer", reinterpret_cast<uintptr_t>(&numbers[0]) >= before);

  std::string text;
  for (int i = 0; i < 1000; i++)
    text += "0123456789";
  CHECK("a string grows to 10,000 letters", text.size() == 10000 && text[9999] == '9');

  std::map<std::string, int> ages;
  for (int i = 0; i < 1000; i++)
    ages[std::to_string(i)] = i;
  for (int i = 0; i < 1000; i += 2)
    ages.erase(std::to_string(i));
  CHECK("a map forgets half and keeps half", ages.size() == 500 && ages.at("777") == 777);

  auto shared = std::make_shared<std::vector<std::string>>(10, std::string(100, 'x'));
  auto second = shared;
  shared.reset();
  CHECK("a shared_ptr holds on to its object", second.use_count() == 1 && second->at(9)[99] == 'x');
}

}  // namespace

int main() {
  check_mini_alloc_serves_malloc();
  check_new();
  check_aligned_new();
  check_containers();
  return checks_done();
}
