// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A side module: data with initializers, data that begin as zero, addresses of both, a constructor,
// and a checking workload of its own.

#include "side.h"

#include "../../workload.h"

enum { NUMBERS = 3000, ZEROS = 20000 };

static unsigned numbers[NUMBERS] = {[0] = 17, [NUMBERS / 2] = 18, [NUMBERS - 1] = 19};
static unsigned *const first = &numbers[0], *const middle = &numbers[NUMBERS / 2];
static unsigned char zeros[ZEROS];
static unsigned char *const last_zero = &zeros[ZEROS - 1];
static struct workload work;
static unsigned constructed;
static unsigned char *of_constructor;

__attribute__((constructor)) static void construct(void) {
  constructed = *first * 1000 + *middle;
  of_constructor = malloc(5000);
  if (of_constructor) memset(of_constructor, 77, 5000);
  work.last = 5000000;
}

int side_is_constructed(void) {
  return constructed == 17018 && of_constructor != NULL;
}

int side_is_whole(void) {
  int right = *first == 17 && *middle == 18;
  for (int i = 0; i < NUMBERS; i++) {
    unsigned number = i == 0 ? 17 : i == NUMBERS / 2 ? 18 : i == NUMBERS - 1 ? 19 : 0;
    right = right && numbers[i] == number;
  }
  right = right && workload_is_zero(zeros, ZEROS) && *last_zero == 0;
  for (int i = 0; right && of_constructor && i < 5000; i++)
    right = of_constructor[i] == 77;
  return right;
}

void side_allocate(size_t bytes) {
  workload_allocate(&work, bytes);
}

struct workload *side_verify(void) {
  workload_verify(&work);
  return &work;
}

unsigned char *side_make(size_t size, int value) {
  unsigned char *block = malloc(size);
  return block ? memset(block, value, size) : NULL;
}

int side_take(unsigned char *block, size_t size, int value) {
  block = realloc(block, size * 2);
  int right = block != NULL;
  for (size_t i = 0; right && i < size; i++)
    right = block[i] == (unsigned char)value;
  free(block);
  return right;
}
