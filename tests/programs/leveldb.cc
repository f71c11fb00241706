// SPDX-License-Identifier: MIT OR Apache-2.0
//
// leveldb against a std::map that is told the same: thousands of keys written, overwritten and
// deleted, read through iterators and snapshots, compacted, closed and opened again. Both live on
// the heap under test, and blocks that are watched (blocks.h) in between. What it prints on stdout
// depends on its argument only.
//
//   leveldb [KEYS]
//
// Exit code 0, or 1 after a line with "not ok" or "failed".
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "blocks.h"
#include "digest.h"
#include "footprint.h"
#include "inline_env.h"
#include "leveldb/cache.h"
#include "leveldb/db.h"
#include "leveldb/filter_policy.h"
#include "leveldb/write_batch.h"

namespace {

using leveldb::Slice;
using Model = std::map<std::string, std::string>;

const char *const kFolder = "/words";
int failures = 0;

void Check(const leveldb::Status &status) {
  if (status.ok()) return;
  printf("failed: %s\n", status.ToString().c_str());
  exit(1);
}

void Report(const char *what, bool ok) {
  printf("%s: %s\n", what, ok ? "ok" : "not ok");
  if (!ok) failures++;
}

// ---- what is stored ----------------------------------------------------------------------------

// Numbers that are the same in every run.
class Numbers {
 public:
  // One below `end`.
  uint32_t Next(uint32_t end) {
    state_ = state_ * 1664525u + 1013904223u;
    return (state_ >> 8) % end;
  }

 private:
  uint32_t state_ = 2026;
};

// Spread, so that neighbors in time are no neighbors in order.
std::string Key(int i) {
  char key[32];
  snprintf(key, sizeof key, "word-%08x", static_cast<unsigned>(i) * 2654435761u);
  return key;
}

// Grown piece by piece, as programs do.
std::string Value(Numbers *numbers, size_t length) {
  std::string value;
  while (value.size() < length)
    value += "lorem ipsum dolor sit amet consectetur" + std::to_string(numbers->Next(1000000));
  return value;
}

// ---- the database and its model ----------------------------------------------------------------

class Store {
 public:
  explicit Store(leveldb::Env *env)
      : cache_(leveldb::NewLRUCache(256 * 1024)), filter_(leveldb::NewBloomFilterPolicy(10)) {
    options_.env = env;
    options_.create_if_missing = true;
    options_.paranoid_checks = true;
    options_.write_buffer_size = 64 * 1024;  // the least there is: many small tables, much to merge
    options_.block_size = 1024;
    options_.max_open_files = 40;
    options_.block_cache = cache_.get();
    options_.filter_policy = filter_.get();
    Open();
  }

  void Open() {
    leveldb::DB *db = nullptr;
    Check(leveldb::DB::Open(options_, kFolder, &db));
    db_.reset(db);
  }

  void Close() {
    db_.reset();
  }

  void Destroy() {
    Close();
    Check(leveldb::DestroyDB(kFolder, options_));
  }

  leveldb::DB *db() const {
    return db_.get();
  }

  const Model &model() const {
    return model_;
  }

  void Put(const std::string &key, const std::string &value) {
    batch_.Put(key, value);
    model_[key] = value;
  }

  void Delete(const std::string &key) {
    batch_.Delete(key);
    model_.erase(key);
  }

  void Write() {
    Check(db_->Write(leveldb::WriteOptions(), &batch_));
    batch_.Clear();
    blocks_interleave(nullptr);
  }

 private:
  std::unique_ptr<leveldb::Cache> cache_;
  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  leveldb::Options options_;
  std::unique_ptr<leveldb::DB> db_;  // uses the three above, and goes first
  leveldb::WriteBatch batch_;
  Model model_;
};

// ---- reading -----------------------------------------------------------------------------------

leveldb::ReadOptions Reading(const leveldb::Snapshot *snapshot) {
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  options.snapshot = snapshot;
  return options;
}

bool Same(const leveldb::Iterator &at, const Model::value_type &entry) {
  return at.key() == Slice(entry.first) && at.value() == Slice(entry.second);
}

// Walks through everything in both directions, next to the model, and prints what it saw.
void CompareAll(const char *what, leveldb::DB *db, const Model &model,
                const leveldb::Snapshot *snapshot = nullptr) {
  std::unique_ptr<leveldb::Iterator> at(db->NewIterator(Reading(snapshot)));
  uint64_t digest = DIGEST_START;
  bool same = true;
  at->SeekToFirst();
  for (const Model::value_type &entry : model) {
    same = same && at->Valid() && Same(*at, entry);
    if (!same) break;
    digest = digest_bytes(digest, at->key().data(), at->key().size());
    digest = digest_bytes(digest, at->value().data(), at->value().size());
    at->Next();
  }
  same = same && !at->Valid();
  at->SeekToLast();
  for (auto entry = model.rbegin(); same && entry != model.rend(); ++entry, at->Prev())
    same = at->Valid() && Same(*at, *entry);
  Check(at->status());
  printf("%s: %zu keys, digest %016llx\n", what, model.size(),
         static_cast<unsigned long long>(digest));
  Report("  as the model has it", same && !at->Valid());
}

// Single keys, those that are not there too, and a place between two keys.
void LookUp(const Store &store, int keys) {
  std::string value;
  bool same = true;
  for (int i = 0; i < keys; i += 3) {
    leveldb::Status status = store.db()->Get(Reading(nullptr), Key(i), &value);
    auto entry = store.model().find(Key(i));
    if (!status.IsNotFound()) Check(status);
    same = same && status.ok() == (entry != store.model().end());
    same = same && (!status.ok() || value == entry->second);
  }
  Report("keys looked up", same);
  std::unique_ptr<leveldb::Iterator> at(store.db()->NewIterator(Reading(nullptr)));
  at->Seek("word-80");
  auto entry = store.model().lower_bound("word-80");
  Report("a place sought", at->Valid() && entry != store.model().end() && Same(*at, *entry));
}

void ShowFiles(leveldb::DB *db) {
  printf("tables on each level:");
  for (int level = 0; level < 4; level++) {
    std::string files;
    db->GetProperty("leveldb.num-files-at-level" + std::to_string(level), &files);
    printf(" %s", files.c_str());
  }
  printf("\n");
}

// ---- writing -----------------------------------------------------------------------------------

void WriteKeys(Store *store, Numbers *numbers, int keys) {
  for (int i = 0; i < keys; i++) {
    store->Put(Key(i), Value(numbers, numbers->Next(250)));
    if (i % 100 == 99) store->Write();
  }
  store->Write();
}

void Change(Store *store, Numbers *numbers, int keys) {
  for (int i = 0; i < keys; i++) {
    if (i % 7 == 0) store->Delete(Key(i));
    if (i % 3 == 0) store->Put(Key(i), Value(numbers, numbers->Next(400)));
    if (i % 50 == 49) store->Write();
  }
  store->Put("word-long", Value(numbers, 1000000));
  store->Write();
}

void Work(InlineEnv *env, int keys) {
  Numbers numbers;
  Store store(env);
  WriteKeys(&store, &numbers, keys);
  CompareAll("written", store.db(), store.model());

  const Model before = store.model();
  const leveldb::Snapshot *snapshot = store.db()->GetSnapshot();
  Change(&store, &numbers, keys);
  CompareAll("changed", store.db(), store.model());
  CompareAll("the snapshot of before", store.db(), before, snapshot);
  store.db()->ReleaseSnapshot(snapshot);
  LookUp(store, keys);
  ShowFiles(store.db());

  store.db()->CompactRange(nullptr, nullptr);
  CompareAll("compacted", store.db(), store.model());
  ShowFiles(store.db());

  store.Close();
  store.Open();
  CompareAll("opened again", store.db(), store.model());
  LookUp(store, keys);
  printf("work done in the background: %d\n", env->done());
  store.Destroy();
  Report("destroyed", !env->FileExists(std::string(kFolder) + "/CURRENT"));
}

}  // namespace

int main(int argc, char **argv) {
  int keys = argc > 1 ? atoi(argv[1]) : 6000;
  leveldb::EnvPosixTest::MapFiles(4);
  printf("leveldb %d.%d, %d keys\n", leveldb::kMajorVersion, leveldb::kMinorVersion, keys);
  InlineEnv env;
  Work(&env, keys);
  if (!blocks_report()) failures++;
  report_footprint();
  return failures > 0;
}
