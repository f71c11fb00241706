// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Allocates, frees half of it, and prints what depends on its arguments only.
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  double sum = 0;
  for (int i = 1; i < 5000; i++) {
    double *volatile p = malloc(8 + i % 100);  // volatile, or clang does without malloc
    if (!p) return 1;
    *p = i / 7.0;
    sum += *p;
    if (i % 2) free(p);
  }
  printf("sum %.6f\n", sum);
  for (int i = 1; i < argc; i++)
    puts(argv[i]);
  return 0;
}
