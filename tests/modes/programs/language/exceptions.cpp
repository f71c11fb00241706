// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Exceptions thrown across many frames, each of which owns blocks; and std::bad_alloc, where
// memory cannot be had (EXHAUST: where it has come to its end).

#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../workload.h"

static struct workload work;
static int alive;
#ifdef EXHAUST
enum { STEP = 10000 };
#else
enum { STEP = 100000 };
#endif

struct owner {
  std::vector<unsigned char> bytes;
  explicit owner(int depth) : bytes(size_t(depth) * 37 + 1, (unsigned char)depth) {
    alive++;
  }
  owner(const owner &) = delete;
  ~owner() {
    for (unsigned char byte : bytes)
      work.damaged += byte != bytes[0];
    alive--;
  }
};

struct found : std::runtime_error {
  std::vector<int> path;
  found(const std::string &what, int depth) : std::runtime_error(what), path(size_t(depth), 7) {}
};

static void descend(int depth, int to) {
  owner mine(depth);
  if (depth == to) throw found("at the depth of " + std::to_string(depth), depth);
  try {
    descend(depth + 1, to);
  } catch (const std::bad_alloc &) {
    throw;
  } catch (found &f) {
    if (depth % 16 == 0) throw found(f.what(), to);  // a new one in place of the old
    throw;
  }
}

static bool thrown_and_caught(int to) {
  try {
    descend(1, to);
  } catch (const found &f) {
    return f.what() == "at the depth of " + std::to_string(to) && f.path.size() == size_t(to) &&
           f.path.back() == 7;
  }
  return false;
}

static bool too_large_is_bad_alloc() {
  try {
    volatile size_t size = SIZE_MAX / 2 - 1000;
    char *volatile block = new char[size];
    delete[] block;
  } catch (const std::bad_alloc &) {
    return true;
  }
  return false;
}

#ifdef EXHAUST
static std::vector<struct workload_block> taken;

// Until new throws: blocks with patterns. Their list has its room before.
static bool end_is_bad_alloc() {
  taken.reserve(5000);
  try {
    while (taken.size() < 5000) {
      uint32_t number = uint32_t(taken.size());
      struct workload_block b = {new unsigned char[20000 + number % 999], 20000, number, 1};
      workload_write(b);
      taken.push_back(b);
    }
  } catch (const std::bad_alloc &) {
    printf("%zu blocks of 20,000 bytes\n", taken.size());
    return taken.size() > 200;
  }
  return false;
}

static bool taken_is_kept() {
  for (auto &b : taken) {
    if (!workload_holds(b, b.size)) return false;
  }
  return true;
}
#endif

int main() {
  int caught = 0;
  for (int i = 0; i < 60; i++) {
    workload_allocate(&work, STEP);
    caught += thrown_and_caught(i % 64 + 1);
  }
  CHECK("what is thrown is caught, with what it holds", caught == 60);
  CHECK("every frame was left, and destroyed what it owned", alive == 0);
  CHECK("new of what cannot be had throws std::bad_alloc", too_large_is_bad_alloc());
  char *volatile most = new (std::nothrow) char[SIZE_MAX / 2 - 1000];
  CHECK("new(nothrow) of it is null", most == nullptr);
#ifdef EXHAUST
  CHECK("new throws std::bad_alloc at the end of memory", end_is_bad_alloc());
  CHECK("the blocks up to there keep what was written", taken_is_kept());
  for (auto &b : taken)
    delete[] b.at;
#else
  workload_allocate(&work, 12000000);
#endif
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  workload_free(&work);
  return checks_done();
}
