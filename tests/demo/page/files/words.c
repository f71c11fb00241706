#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A list of words, grown as they come.
int main(void) {
  char **words = NULL;
  for (int i = 0; i < 6; i++) {
    words = realloc(words, (size_t)(i + 1) * sizeof *words);
    words[i] = malloc((size_t)(10 + 7 * i));
    sprintf(words[i], "word %d", i);
  }
  int *counts = calloc(6, sizeof *counts);
  void *page = aligned_alloc(4096, 8192);
  counts[0] = (int)strlen(words[5]);
  free(page);
  for (int i = 0; i < 6; i++)
    free(words[i]);
  free(words);
  free(counts);
  void *large = malloc(200000);
  free(large);
  return 0;
}
