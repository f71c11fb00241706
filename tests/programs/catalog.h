// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The catalog of a library as XML, of any size and the same each time: entities, namespaces,
// attributes, texts of many scripts, rows within rows. The same in UTF-16.
//
//   text t = catalog(6000);  so many books
//   discard(&t);
#ifndef CATALOG_H
#define CATALOG_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

// ---- text that grows ---------------------------------------------------------------------------

typedef struct text {
  char *bytes;
  size_t length, room;
} text;

static void append(text *t, const char *bytes, size_t length) {
  if (t->length + length > t->room) {
    t->room = t->room + t->room / 2 + length + 16;
    t->bytes = need(realloc(t->bytes, t->room));
  }
  memcpy(t->bytes + t->length, bytes, length);
  t->length += length;
}

static void add(text *t, const char *string) {
  append(t, string, strlen(string));
}

static void discard(text *t) {
  free(t->bytes);
  *t = (text){0};
}

static uint32_t seed;

static unsigned random_below(unsigned end) {
  seed = seed * 1103515245u + 12345u;
  return (seed >> 8) % end;
}

// ---- the catalog -------------------------------------------------------------------------------

static const char *const head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
    "<!-- made for a test -->\n"
    "<!DOCTYPE catalog [\n"
    "  <!ELEMENT catalog (book | shelf:row)*>\n"
    "  <!ELEMENT book (title, (author | editor)+, note*)>\n"
    "  <!ELEMENT title (#PCDATA | em)*>\n"
    "  <!ATTLIST book id ID #REQUIRED lang NMTOKEN 'en' state (in | out) 'in'>\n"
    "  <!NOTATION png SYSTEM 'viewer'>\n"
    "  <!ENTITY cover SYSTEM 'cover.png' NDATA png>\n"
    "  <!ENTITY town 'K\xc3\xb6ln &#8212; \xe6\x9d\xb1\xe4\xba\xac'>\n"
    "  <!ENTITY press 'The &town; Press &amp; Sons'>\n"
    "  <!ENTITY rules SYSTEM 'rules.xml'>\n"
    "]>\n"
    "<catalog xmlns='urn:catalog' xmlns:shelf='urn:shelf'>\n";

static const char *const rules =
    "<rules xmlns='urn:rules'>Return by <em when='noon'>noon</em>.<![CDATA[ <No> &food; "
    "]]></rules>";

static void add_words(text *t, unsigned count) {
  static const char *const words[] = {
      "paper ",    "ink ",  "\xc3\xa9toile ", "&press; ", "&lt;b>",
      "&#x1F4D6;", "leaf ", "&amp; ",         "\n",       "\xd0\xba\xd0\xbe\xd1\x82 ",
      "spine "};
  for (unsigned i = 0; i < count; i++)
    add(t, words[random_below(sizeof words / sizeof *words)]);
}

static void add_book(text *t, int i) {
  char line[200];
  snprintf(line, sizeof line, "<book id='b%d'%s%s xmlns:n%d='urn:number:%d' n%d:no='%u'>", i,
           i % 3 ? "" : " lang='ru'", i % 4 ? "" : " state='out'", i % 50, i % 50, i % 50,
           random_below(9999));
  add(t, line);
  add(t, "<title>");
  add_words(t, 3);
  add(t, "<em>");
  add_words(t, 2);
  add(t, "</em></title><author n='");
  add_words(t, 2);
  add(t, "'/>");
  for (unsigned notes = random_below(4); notes > 0; notes--) {
    add(t, "<note>");
    add_words(t, random_below(40));
    add(t, notes == 2 ? "<![CDATA[ 1 < 2 && ]] > ]]></note>" : "</note>");
  }
  if (i % 20 == 0) add(t, "<?print cover?><!-- \xe2\x98\x95 -->");
  if (i % 200 == 0) add(t, "&rules;");
  add(t, "</book>\n");
}

// One attribute of 100,000 bytes, one text of 300,000, and rows within rows.
static void add_oddities(text *t) {
  add(t, "<shelf:row long='");
  while (random_below(2000) != 0)
    add_words(t, 20);
  add(t, "'>");
  add_words(t, 60000);
  for (int i = 0; i < 3000; i++)
    add(t, "<shelf:row shelf:deep='yes'>");
  for (int i = 0; i < 3000; i++)
    add(t, "</shelf:row>");
  add(t, "</shelf:row>");
}

static text catalog(int books) {
  text t = {0};
  seed = 2026;
  add(&t, head);
  for (int i = 0; i < books; i++)
    add_book(&t, i);
  add_oddities(&t);
  add(&t, "</catalog>\n");
  return t;
}

// ---- UTF-16 ------------------------------------------------------------------------------------

static void append_unit(text *t, unsigned unit) {
  append(t, (char[]){(char)(unit & 0xff), (char)(unit >> 8)}, 2);
}

static text in_utf16(const text *t) {
  text wide = {0};
  append_unit(&wide, 0xfeff);
  const unsigned char *at = (const unsigned char *)t->bytes, *end = at + t->length;
  while (at < end) {
    unsigned first = *at++, more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    unsigned code = more == 0 ? first : first & (0x3fu >> more);
    for (; more > 0; more--)
      code = code << 6 | (*at++ & 0x3fu);
    append_unit(&wide, code);  // the catalog has no character of more than 16 bits
  }
  return wide;
}

// The catalog says it were UTF-8, which expat would believe.
static text without_encoding(const text *t) {
  text plain = {0};
  const char *encoding = strstr(t->bytes, " encoding=\"UTF-8\"");
  size_t before = (size_t)(encoding - t->bytes), after = before + strlen(" encoding=\"UTF-8\"");
  append(&plain, t->bytes, before);
  append(&plain, t->bytes + after, t->length - after);
  return plain;
}

#endif
