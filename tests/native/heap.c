// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The allocator on a memory of the tests' own: one program, compiled once for each of its variants.
#include "../helpers/check.h"
#include "alignment.h"
#include "breaks.h"
#include "end.h"
#include "family.h"
#include "growth.h"
#include "instances.h"
#include "marks.h"
#include "refusals.h"
#include "resizing.h"
#include "sequences.h"

int main(void) {
  alarm(120);  // a call that never returns is a failure too
  test_family();
  test_alignment();
  test_growth();
  test_breaks();
  test_end();
  test_marks();
  test_resizing();
  test_refusals();
  test_instances();
  test_sequences();
  return checks_done();
}
