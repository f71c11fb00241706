// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What C++ allocates: containers and strings that grow, streams, shared pointers, aligned new, and
// new(nothrow) of what cannot be had; the checking workload in between.

#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "../../workload.h"

static struct workload work;

struct alignas(64) line {
  unsigned char bytes[192];
};

static bool containers_hold() {
  std::map<int, std::string> names;
  std::vector<std::shared_ptr<std::vector<int>>> lists;
  for (int i = 0; i < 3000; i++) {
    std::ostringstream text;
    text << "the name of number " << i << ", long enough to lie in the heap";
    names[i] = text.str();
    lists.push_back(std::make_shared<std::vector<int>>());
    for (int k = 0; k <= i % 100; k++)
      lists.back()->push_back(i * k);
    if (i % 3 == 0) names.erase(i / 2);
  }
  int wrong = 0;
  for (auto &[number, name] : names) {
    wrong += name.find("number " + std::to_string(number) + ",") != 19 - 7;
  }
  for (int i = 0; i < 3000; i++) {
    wrong += lists[i]->size() != size_t(i % 100) + 1 || lists[i]->back() != i * (i % 100);
  }
  return wrong == 0;
}

static bool aligned_new_holds() {
  std::vector<std::unique_ptr<line[]>> lines;
  int wrong = 0;
  for (int i = 0; i < 500; i++) {
    lines.emplace_back(new line[i % 7 + 1]);
    wrong += reinterpret_cast<uintptr_t>(lines.back().get()) % 64 != 0;
    memset(lines.back().get(), i % 255 + 1, sizeof(line) * (i % 7 + 1));
  }
  for (int i = 0; i < 500; i++) {
    const line *some = lines[i].get();
    for (unsigned char byte : some[i % 7].bytes)
      wrong += byte != i % 255 + 1;
  }
  return wrong == 0;
}

int main() {
  workload_allocate(&work, 8000000);
  CHECK("containers, strings and streams hold what they were given", containers_hold());
  workload_allocate(&work, 8000000);
  CHECK("aligned new aligns, and its blocks keep what was written", aligned_new_holds());
#if __clang_major__ > 14  // there libc++ without exceptions ends the program
  char *volatile most = new (std::nothrow) char[SIZE_MAX / 2 - 100];
  CHECK("new(nothrow) of what cannot be had is null", most == nullptr);
#endif
  workload_allocate(&work, 8000000);
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  std::cout << "and std::cout prints after growth" << std::endl;
  CHECK("std::cout works on", std::cout.good());
  workload_free(&work);
  return checks_done();
}
