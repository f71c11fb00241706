// CMake's FetchContent: the sources as a tarball, as a git repository, or already on the disk.

import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, emscripten, node, root, run, succeed } from "../helpers/toolchain.js";
import { cmake, consumer, missing } from "./projects.js";

const folder = buildFolder("plug/fetch");
const project = consumer("cmake-fetch");
const sources = join(folder, "sources");
const skip = await missing("emcmake", "cmake");

// CMake runs where Emscripten's tools do, which may be another system's files than ours.
const git = await run(emscripten("emmake"), ["git", "--version"]).catch(() => ({ code: 1 }));
const skipGit = skip || (git.code !== 0 && "emmake finds no git");

before(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const part of ["src", "include", "emscripten.cmake"]) {
    cpSync(join(root, part), join(sources, part), { recursive: true });
  }
});

/** @param {string} name @param {string[]} settings */
async function fetched(name, settings) {
  const out = join(folder, name);
  const { stderr } = await cmake(project, out, settings);
  assert.doesNotMatch(stderr, /warning/i);
  return node(join(out, "app.js"));
}

describe("FetchContent_MakeAvailable(mini_alloc), then include(emscripten.cmake)", { skip }, () => {
  test("from a tarball", async (t) => {
    const tarball = join(folder, "sources.tar.gz");
    await succeed("tar", ["-czf", tarball, "-C", folder, "sources"]);
    const fetch = `-DFETCH=URL;${tarball};DOWNLOAD_EXTRACT_TIMESTAMP;ON`;
    await reportChecks(t, await fetched("tarball", [fetch]));
  });

  test("from a git repository", { skip: skipGit }, async (t) => {
    const repository = join(folder, "repository");
    cpSync(sources, repository, { recursive: true });
    const identity = ["-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid"];
    await succeed("git", ["-C", repository, "init", "--quiet"]);
    await succeed("git", ["-C", repository, "add", "."]);
    await succeed("git", ["-C", repository, ...identity, "commit", "--quiet", "-m", "sources"]);
    await succeed("git", ["-C", repository, "tag", "v0"]);
    const fetch = `-DFETCH=GIT_REPOSITORY;file://${repository};GIT_TAG;v0`;
    await reportChecks(t, await fetched("git", [fetch]));
  });

  test("from a folder, with FETCHCONTENT_SOURCE_DIR_MINI_ALLOC", async (t) => {
    const settings = [
      "-DFETCH=GIT_REPOSITORY;nowhere;GIT_TAG;v0",
      `-DFETCHCONTENT_SOURCE_DIR_MINI_ALLOC=${sources}`,
    ];
    await reportChecks(t, await fetched("folder", settings));
  });
});
