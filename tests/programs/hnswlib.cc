// SPDX-License-Identifier: MIT OR Apache-2.0
//
// hnswlib, a search for nearest neighbors, and what it throws: at every index that is full, at
// every label that is not there, at files that are damaged, and where memory ends; thousands of
// searches are broken off by an exception in the middle, which has to unwind the library's queues
// and locks. Exceptions hold memory, are kept for later, nested and thrown again. What it prints on
// stdout depends on its argument only.
//
//   hnswlib [VECTORS]
//
// Exit code 0, or 1 after a line with "not ok".
#include "hnswlib/hnswlib.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "blocks.h"
#include "digest.h"
#include "footprint.h"

namespace {

using Index = hnswlib::HierarchicalNSW<float>;
using Vector = std::vector<float>;

const size_t kDimensions = 24;
const char *const kFile = "/index.bin";

int failures = 0;
std::map<std::string, int> caught;

void Report(const char *what, bool ok) {
  printf("%s: %s\n", what, ok ? "ok" : "not ok");
  if (!ok) failures++;
}

// Runs what has to throw, and counts what it says.
template <typename Work>
void MustThrow(Work work) {
  try {
    work();
  } catch (const std::exception &error) {
    std::string what = error.what();
    caught[what.substr(0, what.find('\n'))]++;
    return;
  }
  Report("what has to throw", false);
}

// ---- the vectors -------------------------------------------------------------------------------

class Numbers {
 public:
  explicit Numbers(uint32_t seed) : state_(seed) {}

  uint32_t Next(uint32_t end) {
    state_ = state_ * 1664525u + 1013904223u;
    return (state_ >> 8) % end;
  }

  // In clusters, as what is measured of real things.
  Vector NextVector() {
    Vector vector(kDimensions);
    uint32_t cluster = Next(12);
    for (size_t i = 0; i < kDimensions; i++)
      vector[i] =
          static_cast<float>((cluster * (i + 3)) % 17) + static_cast<float>(Next(1000)) / 300;
    return vector;
  }

 private:
  uint32_t state_;
};

std::vector<Vector> MakeVectors(int count, uint32_t seed) {
  Numbers numbers(seed);
  std::vector<Vector> vectors;
  for (int i = 0; i < count; i++)
    vectors.push_back(numbers.NextVector());
  return vectors;
}

// ---- searching ---------------------------------------------------------------------------------

uint64_t Digest(uint64_t digest, const std::vector<std::pair<float, size_t>> &found) {
  for (const auto &one : found) {
    digest = digest_bytes(digest, &one.first, sizeof one.first);
    digest = digest_bytes(digest, &one.second, sizeof one.second);
  }
  return digest;
}

uint64_t SearchAll(const char *title, const Index &index, const std::vector<Vector> &questions) {
  uint64_t digest = DIGEST_START;
  size_t found = 0;
  for (const Vector &question : questions) {
    auto nearest = index.searchKnnCloserFirst(question.data(), 10);
    found += nearest.size();
    digest = Digest(digest, nearest);
  }
  printf("%s: %zu found, digest %016llx\n", title, found, static_cast<unsigned long long>(digest));
  return digest;
}

// How many of the really nearest are found: nearly all, or the graph is damaged.
void CompareWithBruteForce(const Index &index, hnswlib::L2Space *space,
                           const std::vector<Vector> &vectors,
                           const std::vector<Vector> &questions) {
  hnswlib::BruteforceSearch<float> all(space, vectors.size());
  for (size_t i = 0; i < vectors.size(); i++)
    all.addPoint(vectors[i].data(), i);
  MustThrow([&] { all.addPoint(vectors[0].data(), vectors.size()); });
  size_t right = 0, asked = 0;
  for (const Vector &question : questions) {
    auto truth = all.searchKnnCloserFirst(question.data(), 10);
    auto found = index.searchKnnCloserFirst(question.data(), 10);
    for (const auto &one : truth)
      right += static_cast<size_t>(std::count(found.begin(), found.end(), one));
    asked += truth.size();
  }
  printf("as by brute force: %zu of %zu\n", right, asked);
  Report("nearly all are the nearest", right * 100 > asked * 95);
}

// ---- exceptions --------------------------------------------------------------------------------

// Starts small: each time it is full that is an exception, and its blocks are moved.
std::unique_ptr<Index> Build(hnswlib::L2Space *space, const std::vector<Vector> &vectors) {
  std::unique_ptr<Index> index(new Index(space, 100, 8, 60));
  for (size_t i = 0; i < vectors.size();) {
    try {
      index->addPoint(vectors[i].data(), i);
      i++;
    } catch (const std::runtime_error &error) {
      caught[error.what()]++;
      index->resizeIndex(index->getMaxElements() * 3 / 2);
      blocks_interleave(nullptr);
    }
  }
  index->setEf(60);
  return index;
}

// Holds memory, until the last copy is gone.
class Cancelled : public std::runtime_error {
 public:
  Cancelled(size_t label, size_t size)
      : std::runtime_error("cancelled at " + std::string(size % 90, '.') + std::to_string(label)),
        path(size, static_cast<char>('a' + label % 26)) {}

  std::string path;
};

class Limit : public hnswlib::BaseFilterFunctor {
 public:
  explicit Limit(int calls) : calls_(calls) {}

  bool operator()(size_t label) override {
    if (--calls_ < 0) throw Cancelled(label, label % 700);
    return label % 3 != 0;
  }

 private:
  int calls_;
};

void SearchUntilCancelled(const Index &index, const std::vector<Vector> &questions) {
  uint64_t digest = DIGEST_START;
  size_t cancelled = 0, finished = 0;
  for (size_t i = 0; i < questions.size() * 10; i++) {
    Limit limit(static_cast<int>(i * 7 % 300));
    try {
      auto found = index.searchKnnCloserFirst(questions[i % questions.size()].data(), 5, &limit);
      digest = Digest(digest, found);
      finished++;
    } catch (const Cancelled &error) {
      digest = digest_bytes(digest, error.what(), strlen(error.what()));
      digest = digest_bytes(digest, error.path.data(), error.path.size());
      cancelled++;
    }
    if (i % 50 == 0) blocks_interleave(nullptr);
  }
  printf("searches: %zu cancelled, %zu finished, digest %016llx\n", cancelled, finished,
         static_cast<unsigned long long>(digest));
}

// Exceptions that stay, while others come and go.
void KeepExceptions(const Index &index, const Vector &question) {
  std::vector<std::exception_ptr> kept;
  for (int i = 0; i < 500; i++) {
    Limit limit(i % 40);
    try {
      index.searchKnn(question.data(), 5, &limit);
    } catch (...) {
      kept.push_back(std::current_exception());
    }
    if (i % 10 == 0) blocks_interleave(nullptr);
  }
  uint64_t digest = DIGEST_START;
  for (size_t i = kept.size(); i-- > 0;) {
    try {
      std::rethrow_exception(kept[i]);
    } catch (const Cancelled &error) {
      digest = digest_bytes(digest, error.path.data(), error.path.size());
    }
    kept.pop_back();
  }
  printf("kept and thrown again: digest %016llx\n", static_cast<unsigned long long>(digest));
}

void Nest(int depth) {
  std::string local(static_cast<size_t>(depth) * 10, 'n');  // to unwind
  try {
    if (depth == 0) throw std::out_of_range("the bottom");
    Nest(depth - 1);
  } catch (...) {
    std::throw_with_nested(std::runtime_error("level " + std::to_string(local.size() / 10)));
  }
}

int Unnest(const std::exception &error) {
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception &inner) {
    return 1 + Unnest(inner);
  }
  return std::string(error.what()) == "the bottom" ? 0 : -1000;
}

void NestExceptions() {
  int depth = 0;
  for (int i = 0; i < 20; i++) {
    try {
      Nest(30);
    } catch (const std::exception &error) {
      depth += Unnest(error);
    }
  }
  printf("nested: %d\n", depth);
}

void Misuse(Index *index, const std::vector<Vector> &vectors) {
  for (size_t i = 0; i < 300; i++) {
    size_t nobody = 1000000 + i;
    MustThrow([&] { index->markDelete(nobody); });
    MustThrow([&] { index->unmarkDelete(i); });
    MustThrow([&] { index->getDataByLabel<float>(nobody); });
    MustThrow([&] { index->resizeIndex(i); });
    MustThrow([&] { index->addPoint(vectors[i].data(), nobody, true); });
    index->markDelete(i);
    MustThrow([&] { index->markDelete(i); });
    MustThrow([&] { index->getDataByLabel<float>(i); });
    index->unmarkDelete(i);
  }
}

// ---- where memory ends -------------------------------------------------------------------------

const void *volatile escaped;  // or the compiler does without the request

// Requests that no allocator can grant where memory may grow to 512 MiB; smaller ones must still be
// granted after each.
void AskForTooMuch(hnswlib::L2Space *space, Index *index) {
  for (int i = 0; i < 10; i++) {
    MustThrow([&] { Index(space, 30000000); });
    MustThrow([&] { hnswlib::BruteforceSearch<float>(space, 8000000); });
    MustThrow([] {
      std::vector<double> numbers(80000000);
      escaped = numbers.data();
    });
    MustThrow([] {
      std::string letters(600000000, 'x');
      escaped = letters.data();
    });
    blocks_interleave(nullptr);
  }
  MustThrow([&] { index->resizeIndex(3200000); });  // after a third of it was granted
}

// ---- files -------------------------------------------------------------------------------------

std::string ReadFile() {
  std::ifstream in(kFile, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

void WriteFile(const std::string &bytes) {
  std::ofstream(kFile, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

void SaveAndLoad(hnswlib::L2Space *space, Index *index, const std::vector<Vector> &questions) {
  index->saveIndex(kFile);
  std::string bytes = ReadFile();
  printf("file: %zu bytes, digest %016llx\n", bytes.size(),
         static_cast<unsigned long long>(digest_bytes(DIGEST_START, bytes.data(), bytes.size())));
  Index loaded(space, kFile);
  loaded.setEf(60);
  uint64_t before = SearchAll("before", *index, questions);
  Report("loaded, the same is found", SearchAll("loaded", loaded, questions) == before);
  for (size_t i = 1; i < 20; i++) {
    WriteFile(bytes.substr(0, bytes.size() * i / 20));
    MustThrow([&] { Index(space, kFile); });
  }
  MustThrow([&] { Index(space, "/nowhere/index.bin"); });
}

}  // namespace

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 3000;
  std::vector<Vector> vectors = MakeVectors(count, 2026), questions = MakeVectors(200, 7);
  hnswlib::L2Space space(kDimensions);
  std::unique_ptr<Index> index = Build(&space, vectors);
  printf("hnswlib, %zu vectors, room for %zu\n", index->getCurrentElementCount(),
         index->getMaxElements());
  CompareWithBruteForce(*index, &space, vectors, questions);
  SearchUntilCancelled(*index, questions);
  KeepExceptions(*index, questions[0]);
  NestExceptions();
  Misuse(index.get(), vectors);
  AskForTooMuch(&space, index.get());
  SaveAndLoad(&space, index.get(), questions);
  index->checkIntegrity();
  for (const auto &one : caught)
    printf("caught %d x %s\n", one.second, one.first.c_str());
  if (!blocks_report()) failures++;
  report_footprint();
  return failures > 0;
}
