// SPDX-License-Identifier: MIT OR Apache-2.0
//
// leveldb's POSIX environment without its background thread: what leveldb wants done in the
// background is done at once, in the caller's time. For builds without -pthread, whose mutexes do
// nothing, so the caller may well hold one.
#ifndef INLINE_ENV_H
#define INLINE_ENV_H

#include <deque>
#include <utility>

#include "leveldb/env.h"
#include "util/env_posix_test_helper.h"

namespace leveldb {

// The one name that leveldb lets at this setting. A program with pointers of 32 bits maps no files,
// unless told to; in Emscripten a mapped file is a block of memalign.
class EnvPosixTest {
 public:
  static void MapFiles(int most) {
    EnvPosixTestHelper::SetReadOnlyMMapLimit(most);
  }
};

}  // namespace leveldb

class InlineEnv : public leveldb::EnvWrapper {
 public:
  InlineEnv() : EnvWrapper(leveldb::Env::Default()) {}

  // Work may schedule more work: that waits in the queue, so the stack stays flat.
  void Schedule(void (*function)(void *), void *argument) override {
    queue_.emplace_back(function, argument);
    if (busy_) return;
    busy_ = true;
    while (!queue_.empty()) {
      std::pair<void (*)(void *), void *> work = queue_.front();
      queue_.pop_front();
      work.first(work.second);
      done_++;
    }
    busy_ = false;
  }

  int done() const {
    return done_;
  }

 private:
  std::deque<std::pair<void (*)(void *), void *>> queue_;
  bool busy_ = false;
  int done_ = 0;
};

#endif
