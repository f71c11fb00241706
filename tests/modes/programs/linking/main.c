// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A main module. The side module is there from the start; or it comes by dlopen (DLOPEN), when
// much has been allocated, is closed, and opened again; or by emscripten_dlopen (ASYNC). Both
// allocate in turn, and give each other blocks; the data of the side module have to survive.

#include <dlfcn.h>
#include <emscripten.h>

#include "../../workload.h"
#include "side.h"

enum { ROUNDS = 5, STEP = 2000000 };

static struct workload work;

static struct side {
  int (*is_constructed)(void);
  int (*is_whole)(void);
  void (*allocate)(size_t);
  struct workload *(*verify)(void);
  unsigned char *(*make)(size_t, int);
  int (*take)(unsigned char *, size_t, int);
} side;

static int make_and_take(int round) {
  int right = 1;
  for (int i = 1; i < 100 && right; i++) {
    size_t size = (size_t)(i * i * 7);
    unsigned char *theirs = side.make(size, round + i), *mine = side.make(size, i);
    right = theirs && mine && side.take(theirs, size, round + i);
    for (size_t k = 0; right && k < size; k++)
      right = mine[k] == i;
    free(mine);
  }
  return right;
}

static void run_side(const char *when) {
  char who[60];
  int whole = 1, passed = 1;
  for (int round = 0; round < ROUNDS; round++) {
    workload_allocate(&work, STEP);
    whole = side.is_whole() && whole;
    side.allocate(STEP);
    passed = make_and_take(round) && passed;
    workload_allocate(&work, STEP / 4);
    whole = side.is_whole() && whole;
  }
  struct workload *theirs = side.verify();
  snprintf(who, sizeof who, "the side module, %s", when);
#if !defined __EMSCRIPTEN_PTHREADS__ || __clang_major__ > 14  // 3.1.6: not if a thread opens it
  workload_check(who, "its constructors have run", !side.is_constructed());
#endif
  workload_check(who, "its data survive", !whole);
  workload_check(who, "blocks pass to it and back", !passed);
  workload_check(who, "all was had that was asked for", theirs->refused);
  workload_report(theirs, who);
}

static int end(void) {
  CHECK("all was had that was asked for", !work.refused);
  workload_verify(&work);
  workload_report(&work, "main module");
  CHECK("the data of the side module are whole at the end", side.is_whole());
  return checks_done();
}

#if defined DLOPEN || defined ASYNC

static void find(void *handle) {
  side.is_constructed = dlsym(handle, "side_is_constructed");
  side.is_whole = dlsym(handle, "side_is_whole");
  side.allocate = dlsym(handle, "side_allocate");
  side.verify = dlsym(handle, "side_verify");
  side.make = dlsym(handle, "side_make");
  side.take = dlsym(handle, "side_take");
}

#endif

#if defined ASYNC

static void loaded(void *user, void *handle) {
  find(handle);
  run_side("loaded");
  emscripten_force_exit(end());
}

static void failed(void *user) {
  printf("not ok - emscripten_dlopen: %s\n", dlerror());
  exit(1);
}

int main(void) {
  workload_allocate(&work, 15000000);
  emscripten_dlopen("side.wasm", RTLD_NOW, NULL, loaded, failed);
  workload_allocate(&work, 2000000);
  emscripten_exit_with_live_runtime();
}

#elif defined DLOPEN

static void *open_side(void) {
  void *handle = dlopen("side.wasm", RTLD_NOW);
  if (handle == NULL) {
    printf("not ok - dlopen: %s\n", dlerror());
    exit(1);
  }
  find(handle);
  return handle;
}

int main(void) {
  workload_allocate(&work, 15000000);
  void *handle = open_side();
  run_side("opened");
  CHECK("it closes", dlclose(handle) == 0);
  workload_allocate(&work, STEP);
  open_side();
  run_side("opened again");
  return end();
}

#else

int main(void) {
  side = (struct side){side_is_constructed, side_is_whole, side_allocate,
                       side_verify,         side_make,     side_take};
  run_side("from the start");
  return end();
}

#endif
