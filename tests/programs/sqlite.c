// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The till of a bicycle shop, kept in SQLite: once in memory and once in a file. What it prints on
// stdout depends on its arguments only, so every allocator must make it print the same bytes.
// How much memory it took goes to stderr.
//
//   sqlite [SALES] [blocks]
//
// `blocks` allocates blocks of its own in the middle of SQLite's work, and watches over them
// (blocks.h). Exit code 0, or 1 after "failed: " and the reason.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "digest.h"
#include "footprint.h"
#include "sqlite3.h"

#define MAKERS 40
#define PARTS 500
#define FILE_NAME "/till.db"

static sqlite3 *db;
static int sales = 10000;
static int blocks_wanted;

// ---- SQLite, with every result looked at -------------------------------------------------------

// Ends the program, but in order: a library that ran out of memory must still be able to close.
static void fail(int code) {
  printf("failed: %s\n", sqlite3_errstr(code));
  for (sqlite3_stmt *s; (s = sqlite3_next_stmt(db, NULL)) != NULL;)
    sqlite3_finalize(s);
  printf("closed: %s\n", sqlite3_errstr(sqlite3_close(db)));
  report_footprint();
  exit(1);
}

static void check(int code) {
  if (code != SQLITE_OK) fail(code);
}

static void execute(const char *sql) {
  check(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement = NULL;
  check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
  return statement;
}

// Whether there is another row.
static int step(sqlite3_stmt *statement) {
  int code = sqlite3_step(statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE) fail(code);
  return code == SQLITE_ROW;
}

static void run_once(sqlite3_stmt *statement) {
  while (step(statement)) {
  }
  check(sqlite3_reset(statement));
}

// A value as text. NULL stands for a failed allocation too, and only for that here.
static const char *text(sqlite3_stmt *row, int column) {
  const char *value = (const char *)sqlite3_column_text(row, column);
  if (!value) fail(SQLITE_NOMEM);
  return value;
}

// Prints every row of a query that returns no NULL.
static void show(const char *title, const char *sql) {
  sqlite3_stmt *rows = prepare(sql);
  printf("%s\n", title);
  while (step(rows)) {
    for (int i = 0; i < sqlite3_column_count(rows); i++)
      printf(i ? " | %s" : "  %s", text(rows, i));
    printf("\n");
  }
  check(sqlite3_finalize(rows));
}

// The digest of all that a query returns, added to `digest`; `*rows` counts.
static uint64_t digest_query(uint64_t digest, const char *sql, long *rows) {
  sqlite3_stmt *row = prepare(sql);
  while (step(row)) {
    ++*rows;
    for (int i = 0; i < sqlite3_column_count(row); i++) {
      int type = sqlite3_column_type(row, i);
      const void *bytes = sqlite3_column_blob(row, i);
      int length = sqlite3_column_bytes(row, i);
      if (!bytes && length > 0) fail(SQLITE_NOMEM);
      digest = digest_bytes(digest, &type, sizeof type);
      digest = digest_bytes(digest, bytes, (size_t)length);
    }
  }
  check(sqlite3_finalize(row));
  return digest;
}

// The digest of the whole database, its schema included; printed with the number of rows.
static uint64_t digest_database(const char *title) {
  long rows = 0;
  uint64_t digest = digest_query(DIGEST_START, "SELECT * FROM sqlite_schema ORDER BY name", &rows);
  digest = digest_query(digest, "SELECT * FROM maker ORDER BY id", &rows);
  digest = digest_query(digest, "SELECT * FROM part ORDER BY id", &rows);
  digest = digest_query(digest, "SELECT * FROM sale ORDER BY id", &rows);
  printf("%s: %ld rows, digest %016llx\n", title, rows, (unsigned long long)digest);
  return digest;
}

static void show_integrity(void) {
  show("integrity_check", "PRAGMA integrity_check");
  show("foreign_key_check", "SELECT count(*) FROM pragma_foreign_key_check");
}

// ---- the shop ----------------------------------------------------------------------------------

static uint32_t seed;

// A number below `end`, the same ones in every run.
static int random_below(int end) {
  seed = seed * 1103515245u + 12345u;
  return (int)((seed >> 8) % (uint32_t)end);
}

static void create_tables(void) {
  execute("PRAGMA foreign_keys = ON");
  execute("PRAGMA cache_size = 200");  // pages; fewer than the file has, so that pages come and go
  execute(
      "CREATE TABLE maker(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, country TEXT);"
      "CREATE TABLE part(id INTEGER PRIMARY KEY,"
      "  maker INTEGER NOT NULL REFERENCES maker(id) ON DELETE CASCADE,"
      "  name TEXT NOT NULL, price INTEGER NOT NULL CHECK(price > 0));"
      "CREATE TABLE sale(id INTEGER PRIMARY KEY,"
      "  part INTEGER NOT NULL REFERENCES part(id) ON DELETE CASCADE,"
      "  day INTEGER NOT NULL, pieces INTEGER NOT NULL, remark TEXT, receipt BLOB);");
}

static void fill_makers_and_parts(void) {
  static const char *const countries[] = {"Italy", "Japan", "Taiwan", "France"};
  static const char *const kinds[] = {"chain", "crank", "hub", "rim", "saddle", "tire", "bell"};
  sqlite3_stmt *maker = prepare("INSERT INTO maker VALUES(?1, printf('Maker %03d', ?1), ?2)");
  for (int i = 1; i <= MAKERS; i++) {
    check(sqlite3_bind_int(maker, 1, i));
    check(sqlite3_bind_text(maker, 2, countries[random_below(4)], -1, SQLITE_STATIC));
    run_once(maker);
  }
  check(sqlite3_finalize(maker));
  sqlite3_stmt *part = prepare("INSERT INTO part VALUES(?1, ?2, ?3 || ' no. ' || ?1, ?4)");
  for (int i = 1; i <= PARTS; i++) {
    check(sqlite3_bind_int(part, 1, i));
    check(sqlite3_bind_int(part, 2, 1 + random_below(MAKERS)));
    check(sqlite3_bind_text(part, 3, kinds[random_below(7)], -1, SQLITE_TRANSIENT));
    check(sqlite3_bind_int(part, 4, 100 + random_below(20000)));
    run_once(part);
  }
  check(sqlite3_finalize(part));
}

// The receipts are blobs of up to 300 bytes, and every 500th is one of 20,000.
static void fill_sales(void) {
  static unsigned char receipt[20000];
  sqlite3_stmt *sale = prepare("INSERT INTO sale VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
  for (int i = 1; i <= sales; i++) {
    int length = i % 500 == 0 ? (int)sizeof receipt : random_below(300);
    for (int j = 0; j < length; j++)
      receipt[j] = (unsigned char)(i * 31 + j * 7);
    check(sqlite3_bind_int(sale, 1, i));
    check(sqlite3_bind_int(sale, 2, 1 + random_below(PARTS)));
    check(sqlite3_bind_int(sale, 3, random_below(365)));
    check(sqlite3_bind_int(sale, 4, 1 + random_below(9)));
    check(i % 3 ? sqlite3_bind_null(sale, 5)
                : sqlite3_bind_text(sale, 5, "paid in cash", -1, SQLITE_STATIC));
    check(sqlite3_bind_blob(sale, 6, receipt, length, SQLITE_TRANSIENT));
    run_once(sale);
  }
  check(sqlite3_finalize(sale));
}

static void ask(void) {
  show("counts",
       "SELECT (SELECT count(*) FROM maker), (SELECT count(*) FROM part), count(*),"
       " count(remark), sum(length(receipt)) FROM sale");
  show("best makers",
       "SELECT maker.name, country, sum(pieces), sum(pieces * price) AS takings FROM sale"
       " JOIN part ON part.id = sale.part JOIN maker ON maker.id = part.maker"
       " GROUP BY maker.id HAVING takings > 0 ORDER BY takings DESC, maker.id LIMIT 5");
  show("quarters",
       "WITH RECURSIVE quarter(n, first) AS"
       " (SELECT 1, 0 UNION ALL SELECT n + 1, first + 92 FROM quarter WHERE n < 4)"
       "SELECT n, count(sale.id), round(avg(pieces), 4) FROM quarter"
       " LEFT JOIN sale ON day >= first AND day < first + 92 GROUP BY n ORDER BY n");
  show("dearest part of each country",
       "SELECT country, name, price FROM (SELECT country, part.name AS name, price,"
       " rank() OVER (PARTITION BY country ORDER BY price DESC, part.id) AS place"
       " FROM part JOIN maker ON maker.id = part.maker) WHERE place = 1 ORDER BY country");
  show("one day, by the index",
       "SELECT day, count(*), sum(pieces) FROM sale INDEXED BY sale_day WHERE day = 180");
}

// Strings that grow: in SQLite's own buffers, and by a column that is rewritten again and again.
static void grow_strings(void) {
  show("one long string",
       "SELECT length(group_concat(id || ':' || hex(receipt))) FROM sale WHERE id % 5 = 0");
  sqlite3_stmt *longer = prepare("UPDATE sale SET remark = ifnull(remark, '') || ?1 WHERE id = 7");
  for (int i = 0; i < 200; i++) {
    char piece[32];
    snprintf(piece, sizeof piece, "%d turns of the wheel, ", i);
    check(sqlite3_bind_text(longer, 1, piece, -1, SQLITE_TRANSIENT));
    run_once(longer);
  }
  check(sqlite3_finalize(longer));
  show("the remark that grew", "SELECT length(remark), substr(remark, -24) FROM sale WHERE id = 7");
}

static void change(void) {
  execute("UPDATE part SET price = price + price / 10 WHERE maker % 4 = 0");
  execute("DELETE FROM sale WHERE day % 50 = 0");
  show("rows that went", "SELECT changes()");
  execute("DELETE FROM maker WHERE id = 13");  // and by the foreign keys its parts and their sales
  show("sales of maker 13",
       "SELECT count(*) FROM part LEFT JOIN sale ON sale.part = part.id"
       " WHERE part.maker = 13");
  int code = sqlite3_exec(db, "INSERT INTO part VALUES(9999, 13, 'orphan', 1)", NULL, NULL, NULL);
  printf("a part without a maker: %s\n", sqlite3_errstr(code));
  if (code != SQLITE_CONSTRAINT) fail(code);
}

// A transaction that ruins everything, and is taken back.
static void roll_back(void) {
  uint64_t before = digest_database("before the transaction");
  execute(
      "BEGIN; DROP INDEX sale_day; UPDATE part SET price = 1, name = name || name;"
      "DELETE FROM sale WHERE id % 3; SAVEPOINT nested; DELETE FROM maker; ROLLBACK TO nested;"
      "CREATE TABLE trace AS SELECT id, zeroblob(2000) AS hole FROM part;");
  uint64_t within = digest_database("within the transaction");
  execute("ROLLBACK");
  uint64_t after = digest_database("after the rollback");
  printf("rolled back without a trace: %s\n", before == after && within != before ? "yes" : "no");
}

static void trade(const char *name) {
  printf("== %s\n", name);
  seed = 2026;
  check(sqlite3_open(name, &db));
  if (blocks_wanted) sqlite3_progress_handler(db, 20000, blocks_interleave, NULL);
  create_tables();
  execute("BEGIN");
  fill_makers_and_parts();
  fill_sales();
  execute("COMMIT; CREATE INDEX sale_day ON sale(day); CREATE INDEX sale_part ON sale(part);");
  execute("ANALYZE");
  ask();
  grow_strings();
  change();
  roll_back();
  execute("VACUUM");
  digest_database("after vacuum");
  show_integrity();
  check(sqlite3_close(db));
}

// The file again, as the next program would find it, and its very bytes.
static void look_at_file(void) {
  printf("== %s, opened again\n", FILE_NAME);
  check(sqlite3_open_v2(FILE_NAME, &db, SQLITE_OPEN_READONLY, NULL));
  digest_database("read back");
  show_integrity();
  check(sqlite3_close(db));
  FILE *file = fopen(FILE_NAME, "rb");
  if (!file) fail(SQLITE_CANTOPEN);
  static char bytes[4096];
  uint64_t digest = DIGEST_START;
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
    digest = digest_bytes(digest, bytes, n);
  printf("file: %ld bytes, digest %016llx\n", ftell(file), (unsigned long long)digest);
  fclose(file);
}

int main(int argc, char **argv) {
  if (argc > 1) sales = atoi(argv[1]);
  blocks_wanted = argc > 2 && strcmp(argv[2], "blocks") == 0;
  printf("SQLite %s, %d sales\n", sqlite3_libversion(), sales);
  trade(":memory:");
  trade(FILE_NAME);
  look_at_file();
  if (blocks_wanted && !blocks_report()) return 1;
  fprintf(stderr, "SQLite: at most %lld bytes at once\n", (long long)sqlite3_memory_highwater(0));
  report_footprint();
  return 0;
}
