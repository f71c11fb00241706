// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reads all of stdin, prints every byte there is, and ends in one of the ways that there are.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
  const char *way = argc > 1 ? argv[1] : "";
  char *volatile p = malloc(100);
  int read = 0;
  while (getchar() != EOF)
    read++;
  fprintf(stderr, "read %d\n", read);
  for (int byte = 0; byte < 256; byte++)
    putchar(byte);
  fflush(stdout);
  if (strcmp(way, "abort") == 0) abort();
  if (strcmp(way, "never") == 0) {
    for (;;)
      *p = 1;
  }
  if (strcmp(way, "time") == 0) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    printf("%ld %ld\n", (long)now.tv_sec, now.tv_nsec);
  }
  exit(strcmp(way, "exit") == 0 ? 3 : 0);
}
