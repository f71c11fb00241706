// Serves the built page, until Ctrl-C: node demo/build/serve.js [--port N]. `make demo` runs it.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preview } from "vite";
import { parse } from "../../src/arguments.js";
import { MiniAllocError } from "../../src/errors.js";
import { command } from "./command.js";
import { hostedFolder } from "./vite.js";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const options = /** @type {const} */ ({
  port: { type: "string", value: "N", help: "8000; 0 for any that is free" },
});

/** @param {string} text */
function portOf(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new MiniAllocError(`'${text}' is not a port`, "make demo PORT=8000");
}

/** @param {number} port */
async function serve(port) {
  try {
    return await preview({
      configFile: false,
      root: join(root, "demo"),
      // What is not there is 404, not the page.
      appType: "mpa",
      logLevel: "error",
      build: { outDir: hostedFolder(root) },
      preview: { port, strictPort: true, host: "localhost" },
    });
  } catch (error) {
    // Vite throws its own error, without a code.
    if (!(error instanceof Error) || !error.message.includes("already in use")) throw error;
    throw new MiniAllocError(`port ${port} is taken`, `make demo PORT=${port + 1}`);
  }
}

await command(async () => {
  const values = parse(process.argv.slice(2), { options }, "node demo/build/serve.js");
  if (!existsSync(join(hostedFolder(root), "index.html"))) {
    throw new MiniAllocError("the demo's page is not built", "make page");
  }
  const server = await serve(portOf(String(values["port"] ?? 8000)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.httpServer.address());
  console.log(`The demo is at http://localhost:${address.port}/ until Ctrl-C.`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
});
