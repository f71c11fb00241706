// The Content-Security-Policy of the page, written into its HTML once everything else is there. The
// browser then refuses what the page never does: to ask anybody for anything (connect-src), and to
// run what this build did not write.

import { createHash } from "node:crypto";

const INLINE = /<(script|style)\b([^>]*)>([\s\S]*?)<\/\1>/g;

/** @param {string} text */
const hashSource = (text) =>
  `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

/**
 * Returns where scripts or styles may come from: of files beside the page, from there; of what is
 * inside the HTML, exactly these texts. ('unsafe-inline' would also allow what somebody injects.)
 * @param {string} html
 * @param {"script" | "style"} kind
 */
function sourcesOf(html, kind) {
  const inline = [...html.matchAll(INLINE)]
    .filter(([, tag, attributes = ""]) => tag === kind && !/\ssrc=/.test(attributes))
    .map(([, , , text = ""]) => hashSource(text));
  const isBeside = kind === "script" ? /<script\b[^>]*\ssrc=/ : /<link\b[^>]*\shref="[^"]*\.css"/;
  return [...(isBeside.test(html) ? ["'self'"] : []), ...inline];
}

/** @param {string} html @returns {string} */
function policyOf(html) {
  const directives = {
    "default-src": ["'none'"],
    // Without 'wasm-unsafe-eval' no module is compiled. It allows nothing for JavaScript.
    "script-src": [...sourcesOf(html, "script"), "'wasm-unsafe-eval'"],
    "style-src": sourcesOf(html, "style"),
    // A worker from a file beside the page would not start from file://, so workers are blobs.
    "worker-src": ["blob:"],
    "img-src": ["data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "connect-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...(sources.length > 0 ? sources : ["'none'"])].join(" "))
    .join("; ");
}

const FIRST = '<meta charset="utf-8" />';

/** @param {string} html with a FIRST @returns {string} */
function withPolicy(html) {
  if (!html.includes(FIRST)) throw new Error(`demo/index.html has no ${FIRST}`);
  // Before anything that it is about.
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}" />`;
  return html.replace(FIRST, () => `${FIRST}\n    ${meta}`);
}

/** @returns {import("vite").Plugin} */
export function contentSecurityPolicy() {
  return {
    name: "mini-alloc:policy",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
          file.source = withPolicy(String(file.source));
        }
      },
    },
  };
}
