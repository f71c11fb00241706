// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The catalog of a library (catalog.h), read by expat: whole, in odd pieces, through expat's own
// buffer, in UTF-16, and with a halt at every hundredth book. All of these must report the same
// events. Then documents with mistakes, and the catalog with a byte changed or its end cut off.
// What it prints on stdout depends on its argument only.
//
//   expat [BOOKS]
//
// Exit code 0, or 1 after a line with "not ok" or "failed".
#include "expat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "catalog.h"
#include "digest.h"
#include "footprint.h"
#include "report.h"

// ---- the events --------------------------------------------------------------------------------

enum { STARTS, TEXTS, ENTITIES, ATTRIBUTES, NAMESPACES, OTHERS, KINDS };

// Texts may come in one piece or in many: only what they say goes into the digest.
typedef struct reader {
  XML_Parser parser;
  uint64_t digest;
  long counts[KINDS];
  text *open;  // for each open element its name and, after a NUL, its text so far
  int depth, room, deepest;
  int halts;  // whether every hundredth book stops the parser
} reader;

static void note(reader *r, int kind, const char *mark, const char *string) {
  r->counts[kind]++;
  r->digest = digest_bytes(r->digest, mark, 1);
  if (string) r->digest = digest_bytes(r->digest, string, strlen(string) + 1);
}

static void on_start(void *data, const char *name, const char **attributes) {
  reader *r = data;
  note(r, STARTS, "<", name);
  for (int i = 0; attributes[i]; i++)
    note(r, i % 2 ? ATTRIBUTES : OTHERS, i % 2 ? "=" : "@", attributes[i]);
  if (r->depth == r->room) {
    r->room = r->room * 2 + 4;
    r->open = need(realloc(r->open, (size_t)r->room * sizeof *r->open));
  }
  text *element = &r->open[r->depth++];
  *element = (text){0};
  append(element, name, strlen(name) + 1);
  if (r->depth > r->deepest) r->deepest = r->depth;
  if (r->counts[STARTS] % 400 == 0) blocks_interleave(NULL);
  if (r->halts && r->counts[STARTS] % 100 == 0) XML_StopParser(r->parser, XML_TRUE);
}

static void on_end(void *data, const char *name) {
  reader *r = data;
  text *element = &r->open[--r->depth];
  if (strcmp(element->bytes, name) != 0) report("an end that is another's", 0);
  note(r, OTHERS, ">", NULL);
  r->digest = digest_bytes(r->digest, element->bytes, element->length);
  discard(element);
}

static void on_text(void *data, const char *bytes, int length) {
  reader *r = data;
  r->counts[TEXTS] += length;
  append(&r->open[r->depth - 1], bytes, (size_t)length);
}

static void on_instruction(void *data, const char *target, const char *rest) {
  note(data, OTHERS, "?", target);
  note(data, OTHERS, "?", rest);
}

static void on_comment(void *data, const char *comment) {
  note(data, OTHERS, "!", comment);
}

static void on_cdata_start(void *data) {
  note(data, OTHERS, "[", NULL);
}

static void on_cdata_end(void *data) {
  note(data, OTHERS, "]", NULL);
}

static void on_namespace(void *data, const char *prefix, const char *uri) {
  note(data, NAMESPACES, ":", prefix);
  note(data, OTHERS, "u", uri);
}

static void on_entity(void *data, const char *name, int parameter, const char *value, int length,
                      const char *base, const char *system, const char *public,
                      const char *notation) {
  (void)parameter, (void)base, (void)public;
  reader *r = data;
  note(r, ENTITIES, "&", name);
  if (value) r->digest = digest_bytes(r->digest, value, (size_t)length);
  note(r, OTHERS, "s", system);
  note(r, OTHERS, "n", notation);
}

static void digest_model(reader *r, const XML_Content *model) {
  note(r, OTHERS, "m", model->name);
  r->digest = digest_bytes(r->digest, &model->type, sizeof model->type);
  r->digest = digest_bytes(r->digest, &model->quant, sizeof model->quant);
  for (unsigned i = 0; i < model->numchildren; i++)
    digest_model(r, &model->children[i]);
}

static void on_model(void *data, const char *name, XML_Content *model) {
  reader *r = data;
  note(r, OTHERS, "e", name);
  digest_model(r, model);
  XML_FreeContentModel(r->parser, model);
}

static int on_external(XML_Parser parser, const char *context, const char *base, const char *system,
                       const char *public) {
  (void)base, (void)public;
  XML_Parser inner = need(XML_ExternalEntityParserCreate(parser, context, NULL));
  note(XML_GetUserData(parser), OTHERS, "x", system);
  enum XML_Status status = XML_Parse(inner, rules, (int)strlen(rules), 1);
  XML_ParserFree(inner);
  return status == XML_STATUS_OK;
}

static void listen(reader *r) {
  XML_SetUserData(r->parser, r);
  XML_SetHashSalt(r->parser, 2026);  // else a random one
  XML_SetElementHandler(r->parser, on_start, on_end);
  XML_SetCharacterDataHandler(r->parser, on_text);
  XML_SetProcessingInstructionHandler(r->parser, on_instruction);
  XML_SetCommentHandler(r->parser, on_comment);
  XML_SetCdataSectionHandler(r->parser, on_cdata_start, on_cdata_end);
  XML_SetStartNamespaceDeclHandler(r->parser, on_namespace);
  XML_SetEntityDeclHandler(r->parser, on_entity);
  XML_SetElementDeclHandler(r->parser, on_model);
  XML_SetExternalEntityRefHandler(r->parser, on_external);
}

// ---- reading -----------------------------------------------------------------------------------

typedef enum manner { WHOLE, PIECES, BUFFER, HALTING } manner;

static enum XML_Status resume(XML_Parser parser, enum XML_Status status) {
  while (status == XML_STATUS_SUSPENDED)
    status = XML_ResumeParser(parser);
  return status;
}

static enum XML_Status read_piece(XML_Parser parser, manner how, const char *bytes, int length,
                                  int last) {
  if (how != BUFFER) return resume(parser, XML_Parse(parser, bytes, length, last));
  memcpy(need(XML_GetBuffer(parser, length)), bytes, (size_t)length);
  return XML_ParseBuffer(parser, length, last);
}

// Reads a document, and returns the error it ends with.
static enum XML_Error read_document(reader *r, const text *t, manner how) {
  r->digest = DIGEST_START;
  r->halts = how == HALTING;
  listen(r);
  enum XML_Status status = XML_STATUS_OK;
  for (size_t at = 0, next; status == XML_STATUS_OK && at < t->length; at = next) {
    next = how == WHOLE ? t->length : at + 1 + random_below(at % 3 ? 4000 : 7);
    if (next > t->length) next = t->length;
    status = read_piece(r->parser, how, t->bytes + at, (int)(next - at), next == t->length);
  }
  while (r->depth > 0)
    discard(&r->open[--r->depth]);
  return XML_GetErrorCode(r->parser);
}

static void close_reader(reader *r) {
  XML_ParserFree(r->parser);
  free(r->open);
}

static uint64_t read_all(const char *title, const text *t, manner how) {
  reader r = {.parser = need(XML_ParserCreateNS(NULL, '|'))};
  enum XML_Error error = read_document(&r, t, how);
  printf(
      "%s: %ld elements, %ld bytes of text, %ld entities, %ld attributes, %ld namespaces,"
      " depth %d, digest %016llx: %s\n",
      title, r.counts[STARTS], r.counts[TEXTS], r.counts[ENTITIES], r.counts[ATTRIBUTES],
      r.counts[NAMESPACES], r.deepest, (unsigned long long)r.digest,
      error ? XML_ErrorString(error) : "ok");
  if (error) failures++;
  close_reader(&r);
  return r.digest;
}

// ---- mistakes ----------------------------------------------------------------------------------

static const char *const mistakes[] = {
    "",
    "<a><b></a></b>",
    "<a x='1' x='2'/>",
    "<a>&nobody;</a>",
    "<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a>&e;</a>",
    "<a>\xff</a>",
    "<a/><b/>",
    "<a>]]></a>",
    "<a b=c/>",
    "<p:a/>",
    "<a xmlns:p=''/>",
    "<?xml version='1.0' encoding='klingon'?><a/>",
    "<a><![CDATA[</a>",
    "<a>&#0;</a>",
    "<!DOCTYPE a [<!ELEMENT a (b,>]><a/>",
    " <?xml version='1.0'?><a/>",
};

static void read_mistakes(void) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    reader r = {.parser = need(XML_ParserCreateNS(NULL, '|'))};
    text t = {.bytes = (char *)mistakes[i], .length = strlen(mistakes[i])};
    if (t.length == 0) XML_Parse(r.parser, "", 0, 1);
    read_document(&r, &t, WHOLE);
    printf("mistake %zu: %s, line %lu, column %lu\n", i,
           XML_ErrorString(XML_GetErrorCode(r.parser)),
           (unsigned long)XML_GetCurrentLineNumber(r.parser),
           (unsigned long)XML_GetCurrentColumnNumber(r.parser));
    close_reader(&r);
  }
}

// Small catalogs, each with a byte changed or cut off; one parser reads them all.
static void read_damaged(int documents) {
  static long errors[50];
  text good = catalog(12), bad = {0};
  reader r = {.parser = need(XML_ParserCreateNS(NULL, '|'))};
  uint64_t digest = DIGEST_START;
  for (int i = 0; i < documents; i++) {
    bad.length = 0;
    append(&bad, good.bytes, good.length);
    size_t at = random_below(4500);
    if (i % 5 == 0)
      bad.length = at;
    else
      bad.bytes[at] = (char)random_below(256);
    enum XML_Error error = read_document(&r, &bad, i % 2 ? PIECES : BUFFER);
    errors[error]++;
    digest = digest_bytes(digest, &r.digest, sizeof r.digest);
    if (!XML_ParserReset(r.parser, NULL)) report("the parser starts again", 0);
    blocks_interleave(NULL);
  }
  for (int i = 0; i < 50; i++)
    if (errors[i]) printf("damaged: %ld x %s\n", errors[i], i ? XML_ErrorString(i) : "no error");
  printf("damaged: digest %016llx\n", (unsigned long long)digest);
  close_reader(&r);
  discard(&good);
  discard(&bad);
}

int main(int argc, char **argv) {
  text t = catalog(argc > 1 ? atoi(argv[1]) : 6000);
  printf("%s, %zu bytes\n", XML_ExpatVersion(), t.length);
  append(&t, "", 1);  // for strstr
  t.length--;
  uint64_t whole = read_all("whole", &t, WHOLE);
  report("in pieces the same", read_all("pieces", &t, PIECES) == whole);
  report("by its buffer the same", read_all("buffer", &t, BUFFER) == whole);
  report("halting the same", read_all("halting", &t, HALTING) == whole);
  text plain = without_encoding(&t), wide = in_utf16(&plain);
  report("in UTF-16 the same", read_all("UTF-16", &wide, PIECES) == whole);
  discard(&plain);
  discard(&wide);
  discard(&t);
  read_mistakes();
  read_damaged(400);
  if (!blocks_report()) failures++;
  report_footprint();
  return failures > 0;
}
