// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A large JavaScript source, parsed by tree-sitter: walked with a cursor, printed as an
// s-expression, searched with a query, then edited and parsed again, again and again, as an editor
// does. The tree that was patched must be the one that a new parser makes. What it prints on stdout
// depends on the source only.
//
//   tree_sitter FILE
//
// Exit code 0, or 1 after a line with "not ok" or "failed".
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "digest.h"
#include "footprint.h"
#include "report.h"
#include "tree_sitter/api.h"

const TSLanguage *tree_sitter_javascript(void);

// ---- the source --------------------------------------------------------------------------------

static char *source;
static size_t length, room;

static void reserve(size_t size) {
  if (size <= room) return;
  room = size + size / 2;
  source = need(realloc(source, room));
}

static void read_source(const char *name) {
  FILE *file = fopen(name, "rb");
  if (!file) fail("the source can not be opened");
  for (size_t n = 1; n > 0; length += n) {
    reserve(length + 65536);
    n = fread(source + length, 1, 65536, file);
  }
  fclose(file);
}

// In pieces, as from an editor's lines.
static const char *piece(void *unused, uint32_t at, TSPoint position, uint32_t *size) {
  (void)unused, (void)position;
  *size = at >= length ? 0 : length - at < 500 ? (uint32_t)(length - at) : 500;
  return source + at;
}

static TSTree *parse(TSParser *parser, const TSTree *old) {
  TSInput input = {NULL, piece, TSInputEncodingUTF8, NULL};
  return need(ts_parser_parse(parser, old, input));
}

static TSParser *new_parser(void) {
  TSParser *parser = need(ts_parser_new());
  if (!ts_parser_set_language(parser, tree_sitter_javascript())) fail("the language is too new");
  return parser;
}

// ---- looking at a tree -------------------------------------------------------------------------

#define SYMBOLS 1000

static long kinds[SYMBOLS];

static uint64_t digest_node(uint64_t digest, TSNode node) {
  uint32_t values[] = {ts_node_symbol(node), ts_node_start_byte(node), ts_node_end_byte(node),
                       ts_node_start_point(node).row, ts_node_end_point(node).column};
  return digest_bytes(digest, values, sizeof values);
}

// The digest of all nodes in order. `watched` blocks come in between; `*nodes` counts.
static uint64_t walk(TSTree *tree, int watched, long *nodes) {
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  uint64_t digest = DIGEST_START;
  *nodes = 0;
  for (int more = 1; more;) {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    digest = digest_node(digest, node);
    if (ts_node_symbol(node) < SYMBOLS) kinds[ts_node_symbol(node)]++;
    if (++*nodes % 20000 == 0 && watched) blocks_interleave(NULL);
    more = ts_tree_cursor_goto_first_child(&cursor);
    while (!more && !(more = ts_tree_cursor_goto_next_sibling(&cursor)))
      if (!ts_tree_cursor_goto_parent(&cursor)) break;
  }
  ts_tree_cursor_delete(&cursor);
  return digest;
}

static void show_kinds(TSTree *tree) {
  const TSLanguage *language = ts_tree_language(tree);
  for (uint32_t i = 0; i < SYMBOLS; i++)
    if (kinds[i] > 0)
      printf("  %s %ld\n", ts_language_symbol_name(language, (TSSymbol)i), kinds[i]);
}

static uint64_t expression_digest(TSTree *tree, size_t *size) {
  char *expression = need(ts_node_string(ts_tree_root_node(tree)));
  *size = strlen(expression);
  uint64_t digest = digest_bytes(DIGEST_START, expression, *size);
  free(expression);
  return digest;
}

static uint64_t show_tree(const char *title, TSTree *tree, int watched) {
  size_t size;
  long nodes;
  uint64_t digest = walk(tree, watched, &nodes), expression = expression_digest(tree, &size);
  printf("%s: %ld nodes, digest %016llx, s-expression of %zu bytes, digest %016llx, %s\n", title,
         nodes, (unsigned long long)digest, size, (unsigned long long)expression,
         ts_node_has_error(ts_tree_root_node(tree)) ? "with errors" : "no errors");
  return digest ^ expression;
}

// ---- a query -----------------------------------------------------------------------------------

static const char *const question =
    "(function_declaration name: (identifier) @function)"
    "(method_definition name: (property_identifier) @method body: (statement_block (_)* @line))"
    "(call_expression function: (member_expression property: (property_identifier) @call)"
    "  arguments: (arguments . (string) @first))"
    "((comment)+ @remark . (variable_declaration (variable_declarator name: (_) @explained)))"
    "(binary_expression left: (_) @left operator: [\"===\" \"!==\"] right: (null) @null)";

static void ask(TSTree *tree) {
  uint32_t where, counts[16] = {0}, matches = 0;
  TSQueryError error;
  const TSLanguage *language = ts_tree_language(tree);
  TSQuery *query = ts_query_new(language, question, (uint32_t)strlen(question), &where, &error);
  if (!query) fail("the query is wrong");
  TSQueryCursor *cursor = need(ts_query_cursor_new());
  ts_query_cursor_exec(cursor, query, ts_tree_root_node(tree));
  uint64_t digest = DIGEST_START;
  for (TSQueryMatch match; ts_query_cursor_next_match(cursor, &match); matches++) {
    for (uint16_t i = 0; i < match.capture_count; i++) {
      counts[match.captures[i].index]++;
      uint32_t start = ts_node_start_byte(match.captures[i].node);
      uint32_t end = ts_node_end_byte(match.captures[i].node);
      digest = digest_bytes(digest, source + start, end - start);
    }
    if (matches % 500 == 0) blocks_interleave(NULL);
  }
  printf("query: %u matches, digest %016llx\n", matches, (unsigned long long)digest);
  for (uint32_t i = 0; i < ts_query_capture_count(query); i++) {
    uint32_t unused;
    printf("  @%s %u\n", ts_query_capture_name_for_id(query, i, &unused), counts[i]);
  }
  ts_query_cursor_delete(cursor);
  ts_query_delete(query);
}

// ---- editing -----------------------------------------------------------------------------------

static uint32_t seed = 2026;

static uint32_t random_below(size_t end) {
  seed = seed * 1103515245u + 12345u;
  return (uint32_t)((seed >> 8) % end);
}

static TSPoint point_at(uint32_t at) {
  TSPoint point = {0, 0};
  for (uint32_t i = 0; i < at; i++) {
    point.column++;
    if (source[i] == '\n') point = (TSPoint){point.row + 1, 0};
  }
  return point;
}

// Replaces `removed` bytes at `at`, and returns the tree of the new source.
static TSTree *edit(TSParser *parser, TSTree *tree, uint32_t at, uint32_t removed,
                    const char *added) {
  uint32_t size = (uint32_t)strlen(added);
  TSInputEdit change = {.start_byte = at, .old_end_byte = at + removed, .new_end_byte = at + size};
  change.start_point = point_at(at);
  change.old_end_point = point_at(at + removed);
  reserve(length + size);
  memmove(source + at + size, source + at + removed, length - at - removed);
  memcpy(source + at, added, size);
  length = length - removed + size;
  change.new_end_point = point_at(at + size);
  ts_tree_edit(tree, &change);
  TSTree *patched = parse(parser, tree);
  uint32_t ranges;
  free(ts_tree_get_changed_ranges(tree, patched, &ranges));
  printf("%d bytes at %u: %u ranges changed\n", (int)size - (int)removed, at, ranges);
  ts_tree_delete(tree);
  return patched;
}

// The start of a statement in a block around a random place, or of the source.
static uint32_t random_statement(TSTree *tree) {
  uint32_t at = random_below(length);
  TSNode node = ts_node_descendant_for_byte_range(ts_tree_root_node(tree), at, at);
  for (TSNode around; !ts_node_is_null(around = ts_node_parent(node)); node = around)
    if (strcmp(ts_node_type(around), "statement_block") == 0) return ts_node_start_byte(node);
  return 0;
}

// Statements come and go again; every fourth is one that breaks what is around it. In the end the
// source is what it was.
static TSTree *work(TSParser *parser, TSTree *tree, int edits) {
  static const char *const pieces[] = {
      "const added = (first, ...rest) => [first, /re+/g, `${rest}`];\n",
      "class Added extends Array { static #count = 0; get size() { return super.length; } }\n",
      "// a remark\n",
      "if ((( { [ \n",
  };
  for (int i = 0; i < edits; i++) {
    uint32_t at = random_statement(tree);
    const char *added = pieces[i % 4];
    tree = edit(parser, tree, at, 0, added);
    blocks_interleave(NULL);
    tree = edit(parser, tree, at, (uint32_t)strlen(added), "");
  }
  return tree;
}

static TSTree *work_for_good(TSParser *parser, TSTree *tree, int edits) {
  for (int i = 0; i < edits; i++) {
    char added[80];
    snprintf(added, sizeof added, "let added%d = async function* () { yield %d; };\n", i, i);
    tree = edit(parser, tree, random_statement(tree), 0, added);
  }
  return tree;
}

int main(int argc, char **argv) {
  read_source(argc > 1 ? argv[1] : "");
  TSParser *parser = new_parser();
  TSTree *tree = parse(parser, NULL);
  printf("%s, %zu bytes\n", ts_language_name(ts_tree_language(tree)), length);
  uint64_t before = show_tree("parsed", tree, 1);
  show_kinds(tree);
  ask(tree);
  TSTree *copy = ts_tree_copy(tree);

  tree = work(parser, tree, 8);
  report("edited and taken back, it is the same", show_tree("back", tree, 1) == before);
  tree = work_for_good(parser, tree, 8);
  uint64_t patched = show_tree("patched", tree, 0);
  TSParser *other = new_parser();
  TSTree *fresh = parse(other, NULL);
  report("patched, it is what a new parser makes", show_tree("anew", fresh, 0) == patched);
  ask(tree);
  report("the copy is as before", show_tree("copy", copy, 0) == before);

  ts_tree_delete(copy);
  ts_tree_delete(fresh);
  ts_tree_delete(tree);
  ts_parser_delete(other);
  ts_parser_delete(parser);
  free(source);
  if (!blocks_report()) failures++;
  report_footprint();
  return failures > 0;
}
