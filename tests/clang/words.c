// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A WASI program on wasi-libc: counts the words of a file, or of what it is given, prints them by
// their counts, and checks whose malloc it and the C library have been using.

#include <errno.h>
#include <mini_alloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../helpers/check.h"

typedef struct word {
  struct word *next;
  unsigned count;
  char *text;
} word;

enum { BUCKETS = 1024, NOISE = 997 };

static uintptr_t bump(void) {
  mini_alloc_info info;
  mini_alloc_get_info(&info);
  return info.bump;
}

// Whether the bump pointer has moved past `block`, which lies no lower than it was.
static bool ours(const void *block, size_t size, uintptr_t before) {
  uintptr_t at = (uintptr_t)block;
  return at >= before && at + size <= bump();
}

static unsigned words, distinct, dirty, damaged, foreign;

static void count(word **buckets, const char *text) {
  unsigned hash = 5381;
  for (const char *at = text; *at; at++)
    hash = hash * 33 + (unsigned char)*at;
  word **link = &buckets[hash % BUCKETS];
  while (*link && strcmp((*link)->text, text) != 0)
    link = &(*link)->next;
  if (!*link) {
    uintptr_t before = bump();
    *link = calloc(1, sizeof **link);
    dirty += (*link)->count != 0 || (*link)->next != NULL;
    (*link)->text = strdup(text);
    foreign += !ours((*link)->text, strlen(text) + 1, before);
    distinct++;
  }
  (*link)->count++;
  words++;
}

static void count_lines(word **buckets, FILE *in) {
  char *line = NULL;
  size_t room = 0;
  uintptr_t before = bump();
  while (getline(&line, &room, in) >= 0) {
    for (char *rest = line, *text; (text = strsep(&rest, " \n"));)
      if (*text) count(buckets, text);
  }
  CHECK("getline's line is ours", ours(line, room, before));
  free(line);
}

static int by_count(const void *a, const void *b) {
  const word *one = *(word *const *)a, *other = *(word *const *)b;
  if (one->count != other->count) return one->count < other->count ? 1 : -1;
  return strcmp(one->text, other->text);
}

static void print_sorted(word **buckets) {
  word **sorted = reallocarray(NULL, distinct, sizeof(word *)), **end = sorted;
  for (int i = 0; i < BUCKETS; i++) {
    for (word *w = buckets[i]; w; w = w->next)
      *end++ = w;
  }
  qsort(sorted, distinct, sizeof *sorted, by_count);
  for (unsigned i = 0; i < distinct; i++)
    printf("%s %u\n", sorted[i]->text, sorted[i]->count);
  printf("%u words, %.3f each\n", words, distinct ? (double)words / distinct : 0);
}

static unsigned char pattern(unsigned number, size_t at) {
  return (unsigned char)(number * 31 + at * 7 + 3);
}

// Fills blocks of many sizes, some of them grown, before and after the counting.
static unsigned char *noise[NOISE];
static void make_noise(unsigned from, unsigned to) {
  for (unsigned n = from; n < to; n++) {
    size_t size = n * 3 % 800 + 1;
    noise[n] = n % 3 == 0 ? aligned_alloc(64, size) : malloc(size / 2 + 1);
    damaged += n % 3 == 0 && (uintptr_t)noise[n] % 64 != 0;
    if (n % 3 != 0) noise[n] = realloc(noise[n], size);
    for (size_t i = 0; i < size; i++)
      noise[n][i] = pattern(n, i);
  }
}
static void check_noise(void) {
  for (unsigned n = 0; n < NOISE; n++) {
    size_t size = n * 3 % 800 + 1, i = 0;
    while (i < size && noise[n][i] == pattern(n, i))
      i++;
    damaged += i < size;
  }
}

// clang believes that malloc leaves errno alone, and remembers what was put there.
static int error(void) {
  return *(volatile int *)&errno;
}

static void check_limits(void) {
  void *volatile none = malloc(16);
  uintptr_t before = bump();
  errno = 0;
  none = malloc(SIZE_MAX - 100);
  CHECK("what cannot be had is NULL and ENOMEM", !none && error() == ENOMEM);
  errno = 0;
  volatile size_t odd = 24;
  none = aligned_alloc(odd, 48);
  CHECK("an alignment of 24 is NULL and EINVAL", !none && error() == EINVAL);
  errno = 7;
  void *out = &out;
  CHECK("posix_memalign returns its error, and leaves errno alone",
        posix_memalign(&out, odd, 8) == EINVAL && error() == 7 && out == &out);
  CHECK("nothing changed", bump() == before);
}

// Memory that may not grow is all malloc's.
static void check_sbrk(void) {
  char *top = sbrk(100);
#ifdef FIXED_MEMORY
  CHECK("where malloc has all there is, sbrk is refused", top == (void *)-1 && error() == ENOMEM);
#else
  CHECK("sbrk is ours: any size, and zeros", (uintptr_t)top >= bump() && top[0] == 0 && !top[99]);
  memset(top, 0xff, 100);
  for (int i = 0; i < 300; i++) {
    unsigned char *block = calloc(1, 1000);
    for (int k = 0; k < 1000; k++)
      dirty += block[k] != 0;
  }
  CHECK("malloc goes on beside it", top[0] == (char)0xff && top[99] == (char)0xff);
#endif
}

int main(int argc, char **argv) {
  make_noise(0, NOISE / 2);
  word **buckets = calloc(BUCKETS, sizeof *buckets);
  uintptr_t before = bump();
  FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
  if (!in) return perror(argv[1]), 1;
  if (argc > 1) CHECK("fopen's FILE is ours", ours(in, sizeof(void *), before));
  count_lines(buckets, in);
  print_sorted(buckets);
  make_noise(NOISE / 2, NOISE);
  check_noise();
  check_limits();
  check_sbrk();
  CHECK("every string of strdup is ours", foreign == 0);
  CHECK("calloc's blocks are zero", dirty == 0);
  CHECK("no block is damaged", damaged == 0);
  fclose(in);
  return checks_done();
}
