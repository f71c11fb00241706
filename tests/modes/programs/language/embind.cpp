// SPDX-License-Identifier: MIT OR Apache-2.0
//
// embind: JavaScript makes objects, strings and vectors in the heap of the program while it grows,
// and reads them back; the program holds JavaScript's values.

#include <emscripten.h>
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <string>
#include <vector>

#include "../../workload.h"

using emscripten::val;

static struct workload work;

struct bag {
  std::vector<std::string> texts;
  std::vector<unsigned char> bytes;
  void add(const std::string &text) {
    texts.push_back(text);
    workload_allocate(&work, 50000);  // so that memory grows under JavaScript's hands
  }
  std::string get(unsigned i) const {
    return texts.at(i);
  }
  void fill(unsigned size, unsigned value) {
    bytes.assign(size, (unsigned char)value);
  }
  val view() {
    return val(emscripten::typed_memory_view(bytes.size(), bytes.data()));
  }
};

static std::vector<int> numbers(int count) {
  std::vector<int> all;
  for (int i = 0; i < count; i++)
    all.push_back(i * i);
  return all;
}

EMSCRIPTEN_BINDINGS(bags) {
  emscripten::class_<bag>("Bag")
      .constructor<>()
      .function("add", &bag::add)
      .function("get", &bag::get)
      .function("fill", &bag::fill)
      .function("view", &bag::view);
  emscripten::register_vector<int>("Ints");
  emscripten::function("numbers", &numbers);
}

// Returns how many things came out wrong.
static int javascript_uses_bags() {
  return emscripten_run_script_int(R"(
    (() => {
      let wrong = 0;
      const bags = Array.from({ length: 20 }, () => new Module.Bag());
      for (let i = 0; i < 200; i++) bags[i % 20].add("text " + i + " ä€𝄞".repeat(i * 20));
      for (let i = 0; i < 200; i++) {
        wrong += bags[i % 20].get(Math.floor(i / 20)) !== "text " + i + " ä€𝄞".repeat(i * 20);
      }
      for (const [i, bag] of bags.entries()) bag.fill(100000 + i, i + 1);
      for (const [i, bag] of bags.entries()) {
        const view = bag.view();
        wrong += view.length !== 100000 + i || !view.every((byte) => byte === i + 1);
      }
      const ints = Module.numbers(40000);
      for (let i = 0; i < ints.size(); i++) wrong += ints.get(i) !== i * i;
      ints.delete();
      for (const bag of bags) bag.delete();
      return wrong;
    })())");
}

int main() {
  CHECK("JavaScript gets back what it put in", javascript_uses_bags() == 0);
  val list = val::array();
  for (int i = 0; i < 2000; i++) {
    list.call<void>("push", std::string(size_t(i), 'x'));
    if (i % 20 == 0) workload_allocate(&work, 30000);
  }
  size_t length = 0;
  for (int i = 0; i < 2000; i++)
    length += list[i].as<std::string>().size();
  CHECK("the program gets back what it gave to JavaScript", length == 1999 * 1000);
  CHECK("all was had that was asked for", !work.refused && work.total > 10000000);
  workload_verify(&work);
  workload_report(&work, "the blocks");
  return checks_done();
}
