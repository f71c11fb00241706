// SPDX-License-Identifier: MIT OR Apache-2.0
//
// One line for each check, `ok - name` or `not ok - name`, and a last line that counts them. The
// test runner turns every line into a test of its own, and misses the last one after a crash.
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

static int checks_passed, checks_failed;

static inline void check_line(int ok, const char *name, const char *expr, const char *file,
                              int line) {
  if (ok) {
    checks_passed++;
    printf("ok - %s\n", name);
  } else {
    checks_failed++;
    printf("not ok - %s (%s:%d: %s)\n", name, file, line, expr);
  }
}

// CHECK("a sentence that could be false", expression)
#define CHECK(name, expr) check_line(!!(expr), (name), #expr, __FILE__, __LINE__)

// `return checks_done();` ends main.
static inline int checks_done(void) {
  printf("%d passed, %d failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}

#endif
