// What a mode is: a way to build and to run a program, which has to work with mini-alloc wherever
// it works with emmalloc. groups/NAME.js lists modes; modes.js builds and runs them, with both
// allocators; table.js makes the README's table of what came out.
//
// What a mode expects is declared, and a run that differs fails the test in both directions: what
// is declared to fail must fail, at that step and with that message, and everything else must work
// with both allocators.

import { archive, include, isSince, source } from "../helpers/toolchain.js";

/**
 * @typedef {import("../helpers/toolchain.js").Outcome} Outcome
 *
 * @typedef {"mini-alloc" | "emmalloc"} Allocator
 *
 * A failure that is expected, in those versions.
 * @typedef {object} Failure
 * @property {"any allocator" | Allocator} with "any allocator": both fail
 * @property {string} [since] first Emscripten version that fails so, such as "4.0.12"
 * @property {string} [before] first version that no longer does
 * @property {"build" | "run"} at
 * @property {RegExp} message found in what emcc or the program prints
 * @property {boolean} [atTimes] works at other times: only for the allocator that ours is held against
 * @property {string} [absent] the version does not have the mode at all: what the table's cell says
 *   then, such as "since 4.0.12". No note is made, and `says`, `why`, `remedy` are not needed
 * @property {string} [says] the message as a user gets it, for the table's note; no line breaks
 * @property {string} [why] why that is so; where only mini-alloc fails, why it must
 * @property {string} [remedy] what to do
 */

/**
 * What happens with libmini_alloc.a where another archive is the one to take, in those versions.
 * @typedef {object} Plain
 * @property {string} [since]
 * @property {string} [before]
 * @property {"build" | "run"} at
 * @property {RegExp} message
 * @property {string} says in the table's note, after "With `libmini_alloc.a`: "
 */

/**
 * @typedef {object} Mode
 * @property {string} name its row of the table, as Markdown, in the flags' own words: "`-O2`"
 * @property {string[]} [flags] for emcc, to compile and to link; both allocators
 * @property {string[]} [sources] files below tests/modes/; default: workload.c. Compiled by em++ if
 *   one of them ends in .cpp
 * @property {"" | "-mt" | "-resize" | "-memoryprofiler" | "source"} [archive] what mini-alloc comes
 *   from; "source" compiles src/mini_alloc.c with the program. Default: "", libmini_alloc.a
 * @property {Plain} [plain] for a mode with another archive: how the program fails with
 *   libmini_alloc.a, which is tried too
 * @property {string[]} [ours] more flags where the allocator is mini-alloc
 * @property {string[]} [control] more flags where it is emmalloc
 * @property {boolean} [foreign] the malloc that serves is neither (a sanitizer's): WITH_MINI_ALLOC
 *   is not defined, so the workload does not ask for what only ours gives
 * @property {string} [output] the file that emcc writes; default: app.js
 * @property {(kit: Kit) => Promise<Outcome>} [build] in place of one emcc command (side modules)
 * @property {(kit: Kit) => Promise<Outcome>} [run] in place of `node app.js`. What it returns must
 *   hold the lines of tests/helpers/check.h
 * @property {number} [node] the least major version of Node that runs it
 * @property {Failure[]} [fails]
 * @property {string} [remark] a note for the table: one line
 * @property {string | undefined} [unbuildable] a reason found on this machine why it cannot be tried (a tool that
 *   is not installed): the test is skipped, and prints it
 */

/**
 * What the functions of a mode build and run with: one of the allocators, and its flags.
 * @typedef {object} Kit
 * @property {Allocator} allocator
 * @property {boolean} ours
 * @property {string[]} compile what compiling the program's files needs, and nothing for the linker
 * @property {string[]} link the archive and -sMALLOC; only for the step that links
 * @property {string[]} flags the mode's own, with those for this allocator
 * @property {string[]} sources in full
 * @property {string} folder to build in
 * @property {string} out the output file, in that folder
 * @property {(args: string[]) => Promise<Outcome>} emcc which may fail
 * @property {(args: string[]) => Promise<Outcome>} empp
 * @property {(file: string, args?: string[]) => Promise<Outcome>} node runs a program of emcc's
 */

/** Whether a failure is one of this Emscripten's. @param {{since?: string, before?: string}} range */
export const applies = ({ since = "0", before }) =>
  isSince(since) && !(before !== undefined && isSince(before));

/** How a mode fails with that allocator, if it shall. @param {Mode} mode @param {Allocator} allocator */
export const failureOf = (mode, allocator) =>
  mode.fails?.find((f) => applies(f) && (f.with === allocator || f.with === "any allocator"));

/**
 * The flags of the two allocators.
 * @param {Mode} mode
 * @param {Allocator} allocator
 * @param {Mode["archive"]} [kind]
 */
export function allocatorFlags(mode, allocator, kind = mode.archive ?? "") {
  if (allocator === "emmalloc") return { compile: [], link: ["-sMALLOC=emmalloc"] };
  return {
    compile: [`-I${include}`, ...(mode.foreign ? [] : ["-DWITH_MINI_ALLOC"])],
    link: [kind === "source" ? source : archive(kind), "-sMALLOC=none"],
  };
}
