// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What a program says of its own work: a line for each thing that it looked at. Its exit code is 1
// if there were failures.
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>
#include <stdlib.h>

static int failures;

static inline void report(const char *what, int ok) {
  printf("%s: %s\n", what, ok ? "ok" : "not ok");
  if (!ok) failures++;
}

static inline void fail(const char *why) {
  printf("failed: %s\n", why);
  exit(1);
}

static inline void *need(void *block) {
  if (!block) fail("out of memory");
  return block;
}

#endif
