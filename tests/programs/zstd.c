// SPDX-License-Identifier: MIT OR Apache-2.0
//
// zstd with threads, twice over: its own workers compress one large text, whose frame must be the
// same for any number of them; and threads of ours compress and read back at once, each with
// contexts, buffers and watched blocks of its own. What one thread has allocated, the next one
// frees. What it prints on stdout depends on its argument only.
//
//   zstd [MEBIBYTES]
//
// Exit code 0, or 1 after a line with "not ok" or "failed".
#include "zstd.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "digest.h"
#include "footprint.h"
#include "report.h"

#define THREADS 4
#define ROUNDS 6

static size_t check(size_t code) {
  if (ZSTD_isError(code)) fail(ZSTD_getErrorName(code));
  return code;
}

// ---- bytes -------------------------------------------------------------------------------------

typedef struct bytes {
  char *at;
  size_t length, room;
} bytes;

static void reserve(bytes *b, size_t more) {
  if (b->length + more <= b->room) return;
  b->room = b->room + b->room / 2 + more;
  b->at = need(realloc(b->at, b->room));
}

static void discard(bytes *b) {
  free(b->at);
  *b = (bytes){0};
}

static uint64_t digest(const bytes *b) {
  return digest_bytes(DIGEST_START, b->at, b->length);
}

static int same(const bytes *a, const bytes *b) {
  return a->length == b->length && memcmp(a->at, b->at, a->length) == 0;
}

static unsigned random_below(uint32_t *seed, unsigned end) {
  *seed = *seed * 1103515245u + 12345u;
  return (*seed >> 8) % end;
}

// Lines of a log, which repeat themselves the way such lines do.
static bytes make_log(size_t size, uint32_t seed) {
  static const char *const verbs[] = {"opened", "closed", "refused", "read", "written"};
  bytes log = {0};
  for (int i = 0; log.length < size; i++) {
    reserve(&log, 200);
    log.length += (size_t)snprintf(
        log.at + log.length, 200, "%08d host-%02u: connection %u %s after %u.%03u s, %u bytes\n", i,
        random_below(&seed, 40), random_below(&seed, 9000), verbs[random_below(&seed, 5)],
        random_below(&seed, 20), random_below(&seed, 1000), random_below(&seed, 1 << 20));
  }
  return log;
}

// ---- there and back ----------------------------------------------------------------------------

static ZSTD_CCtx *new_compressor(int level, int workers) {
  ZSTD_CCtx *context = need(ZSTD_createCCtx());
  check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level));
  check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1));
  check(ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, workers));
  if (workers > 0) check(ZSTD_CCtx_setParameter(context, ZSTD_c_jobSize, 1 << 20));
  return context;
}

// In pieces of `piece` bytes.
static bytes compress(ZSTD_CCtx *context, const bytes *plain, size_t piece) {
  bytes packed = {0};
  for (size_t at = 0, left = 1; at < plain->length || left > 0;) {
    size_t size = plain->length - at < piece ? plain->length - at : piece;
    ZSTD_inBuffer in = {plain->at + at, size, 0};
    ZSTD_EndDirective end = at + size == plain->length ? ZSTD_e_end : ZSTD_e_continue;
    do {
      reserve(&packed, 50000);
      ZSTD_outBuffer out = {packed.at + packed.length, 50000, 0};
      left = check(ZSTD_compressStream2(context, &out, &in, end));
      packed.length += out.pos;
    } while (end == ZSTD_e_end ? left > 0 : in.pos < in.size);
    at += size;
  }
  return packed;
}

// Returns zstd's error, or 0.
static size_t decompress(const bytes *packed, bytes *plain) {
  ZSTD_DCtx *context = need(ZSTD_createDCtx());
  ZSTD_inBuffer in = {packed->at, packed->length, 0};
  size_t code = 1;
  while (code > 0 && !ZSTD_isError(code)) {
    reserve(plain, 100000);
    ZSTD_outBuffer out = {plain->at + plain->length, 100000, 0};
    code = ZSTD_decompressStream(context, &out, &in);
    plain->length += out.pos;
    if (out.pos == 0 && in.pos == in.size) break;  // cut off
  }
  ZSTD_freeDCtx(context);
  return code;
}

// ---- zstd's workers ----------------------------------------------------------------------------

static bytes compress_with(int level, int workers, const bytes *log) {
  ZSTD_CCtx *context = new_compressor(level, workers);
  bytes packed = compress(context, log, 300000);
  ZSTD_freeCCtx(context);
  bytes back = {0};
  check(decompress(&packed, &back));
  printf("level %d, %s: %zu bytes, digest %016llx, %s\n", level, workers ? "with workers" : "alone",
         packed.length, (unsigned long long)digest(&packed),
         same(&back, log) ? "read back" : "not ok");
  if (!same(&back, log)) failures++;
  discard(&back);
  return packed;
}

static void use_workers(const bytes *log) {
  bytes alone = compress_with(3, 0, log), one = compress_with(3, 1, log);
  for (int workers = 2; workers <= 4; workers += 2) {
    bytes more = compress_with(3, workers, log);
    report("the number of workers makes no difference", same(&more, &one));
    discard(&more);
  }
  discard(&one);
  discard(&alone);
}

// ---- our threads -------------------------------------------------------------------------------

// Round by round, each thread leaves what it has packed on its table and takes what its neighbor
// has left there.
typedef struct table {
  bytes log, packed, unpacked;
} table;

static table tables[THREADS];
static uint64_t results[THREADS];
static int well[THREADS];

// All threads wait here for the last.
static void meet(void) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t all = PTHREAD_COND_INITIALIZER;
  static int here, meeting;
  pthread_mutex_lock(&lock);
  int which = meeting;
  if (++here == THREADS) {
    here = 0;
    meeting++;
    pthread_cond_broadcast(&all);
  }
  while (which == meeting)
    pthread_cond_wait(&all, &lock);
  pthread_mutex_unlock(&lock);
}

static void *work(void *argument) {
  int me = (int)(intptr_t)argument;
  blocks_owner = (unsigned)me + 1;
  well[me] = 1;
  results[me] = DIGEST_START;
  for (int round = 0; round < ROUNDS; round++) {
    table *mine = &tables[me], *other = &tables[(me + 1) % THREADS];
    mine->log = make_log(200000 + 50000 * (size_t)me, (uint32_t)(round * THREADS + me));
    ZSTD_CCtx *context = new_compressor(1 + (me + round) % 7, 0);
    mine->packed = compress(context, &mine->log, 10000 + 1000 * (size_t)me);
    ZSTD_freeCCtx(context);
    for (int i = 0; i < 10; i++)
      blocks_interleave(NULL);
    meet();
    bytes back = {0};
    check(decompress(&other->packed, &back));
    if (!same(&back, &other->log)) well[me] = 0;
    uint64_t found = digest(&other->packed);
    results[me] = digest_bytes(results[me], &found, sizeof found);
    discard(&back);
    discard(&other->packed);
    discard(&other->log);
    meet();
  }
  if (blocks_check() > 0 || blocks_made != ROUNDS * 10) well[me] = 0;
  return NULL;
}

static void use_threads(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i) != 0) fail("no thread");
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < THREADS; i++) {
    printf("thread %d: digest %016llx\n", i, (unsigned long long)results[i]);
    report("its neighbor's packets read back, its blocks as it left them", well[i]);
  }
}

// ---- damage ------------------------------------------------------------------------------------

static void read_damaged(void) {
  bytes log = make_log(100000, 7);
  ZSTD_CCtx *context = new_compressor(5, 0);
  bytes packed = compress(context, &log, 100000);
  ZSTD_freeCCtx(context);
  for (size_t i = 0; i < 20; i++) {
    size_t at = i * packed.length / 20;
    packed.at[at] ^= 0x55;
    bytes back = {0};
    size_t code = decompress(&packed, &back);
    printf("byte %zu damaged: %s\n", at, ZSTD_getErrorName(code));
    packed.at[at] ^= 0x55;
    discard(&back);
    blocks_interleave(NULL);
  }
  discard(&packed);
  discard(&log);
}

int main(int argc, char **argv) {
  bytes log = make_log((argc > 1 ? (size_t)atoi(argv[1]) : 8) << 20, 2026);
  printf("zstd %s, %zu bytes, digest %016llx\n", ZSTD_versionString(), log.length,
         (unsigned long long)digest(&log));
  use_workers(&log);
  use_threads();
  use_workers(&log);
  discard(&log);
  read_damaged();
  if (!blocks_report()) failures++;
  report_footprint();
  return failures > 0;
}
