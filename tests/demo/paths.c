// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Makes calls, and writes down for each which lines it ran: compiled with clang's coverage, and a
// file of counters for each call. `paths FOLDER < CALLS`: each line has the numbers of a row of the
// demo's log (op size align source), and is answered by `result bump limit pages`.
#include "../native/heap.h"

void __llvm_profile_reset_counters(void);
void __llvm_profile_set_filename(const char *name);
int __llvm_profile_write_file(void);

enum { MOST_CALLS = 1000, FIRST_PAGES = 3, LAST_PAGE = 1000, HEAP_BASE = 0x14410 };

static word results[MOST_CALLS + 1];

static word make(unsigned op, word size, word align, word given) {
  switch (op) {
    case 0:
      return address(malloc(size));
    case 1:
      return address(calloc(align, size));
    case 2:
      return address(realloc(pointer(given), size));
    case 3:
      free(pointer(given));
      return 0;
    case 4:
      return address(aligned_alloc(align, size));
    case 5:
      return address(mini_alloc(size, align));
    case 6:
      return (word)mini_alloc_mark();
    default:
      return (word)mini_alloc_reset(given);
  }
}

int main(int count, char **words) {
  if (count != 2) return 2;
  reset_heap(FIRST_PAGES, LAST_PAGE, HEAP_BASE);
  unsigned op, size, align, source;
  for (unsigned step = 1; step <= MOST_CALLS; step++) {
    if (scanf("%u %u %u %u", &op, &size, &align, &source) != 4) break;
    if (source >= step) return 2;
    __llvm_profile_reset_counters();
    results[step] = make(op, size, align, results[source]);
    char name[4096];
    snprintf(name, sizeof name, "%s/%u.profraw", words[1], step);
    __llvm_profile_set_filename(name);
    if (__llvm_profile_write_file() != 0) return 1;
    printf("%u %u %u %u\n", results[step], bump_pointer(), started() ? limit : the_break,
           memory_size());
  }
  __llvm_profile_set_filename("/dev/null");
  return 0;
}
