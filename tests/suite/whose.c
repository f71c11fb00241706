// Says whose malloc it was linked with: only ours has a bump pointer to tell.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct mini_alloc_info {
  uintptr_t base, bump, limit;
  size_t pages;
} mini_alloc_info;

__attribute__((weak)) void mini_alloc_get_info(mini_alloc_info *out);

int main(void) {
  const char *volatile block = malloc(1);
  mini_alloc_info info = {0};
  if (mini_alloc_get_info) mini_alloc_get_info(&info);
  printf("%s\n", block && info.bump == (uintptr_t)block + 1 ? "mini-alloc" : "another");
  return 0;
}
