// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Files in Emscripten's file system, written and read between allocations while memory grows: what
// JavaScript keeps of a file must not be lost, nor go where a block is.

#include <sys/stat.h>

#include "../../workload.h"

enum { FILES = 12, LENGTH = 100000 };

static struct workload work;

static const char *file_name(int i) {
  static char name[32];
  snprintf(name, sizeof name, "file-%d", i);
  return name;
}

static struct workload_block content(int i) {
  static unsigned char bytes[LENGTH];
  return (struct workload_block){bytes, LENGTH, (uint32_t)(1000 + i), 0};
}

static int write_file(int i) {
  workload_write(content(i));
  FILE *file = fopen(file_name(i), "wb");
  if (file == NULL) return 0;
  size_t written = fwrite(content(i).at, 1, LENGTH, file);
  return fclose(file) == 0 && written == LENGTH;
}

static int read_file(int i) {
  memset(content(i).at, 0, LENGTH);
  FILE *file = fopen(file_name(i), "rb");
  if (file == NULL) return 0;
  size_t got = fread(content(i).at, 1, LENGTH, file);
  return fclose(file) == 0 && got == LENGTH && workload_holds(content(i), LENGTH);
}

int main(void) {
  int written = 1, kept = 1, removed = 1, appended = 1;
  for (int i = 0; i < FILES; i++) {
    written &= write_file(i);
    workload_allocate(&work, 2000000);
  }
  for (int i = 0; i < FILES; i++)
    kept &= read_file(i);
  FILE *file = fopen(file_name(0), "r+b");
  if (file != NULL) fseek(file, 0, SEEK_END);
  for (int i = 0; file != NULL && i < 50; i++) {
    fprintf(file, "line %d\n", i);
    workload_allocate(&work, 20000);
  }
  struct stat info;
  appended = file != NULL && fclose(file) == 0 && stat(file_name(0), &info) == 0;
  for (int i = 0; i < FILES; i++)
    removed &= remove(file_name(i)) == 0;
  CHECK("files are written while memory grows", written);
  CHECK("files hold what was written", kept);
  CHECK("a file grows line by line", appended && info.st_size == LENGTH + 10 * 7 + 40 * 8);
  CHECK("files are removed", removed);
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  return checks_done();
}
