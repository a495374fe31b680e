// node bundle.js MODULES ARCHIVE TARGET: the worker and the editor, each in one file with all that it imports.

import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const [modules, archive, target] = process.argv.slice(2);
const { build } = createRequire(path.join(modules, "index.js"))("esbuild");
const here = fileURLToPath(new URL("browser/", import.meta.url));

const sizes = {};
for (const name of ["pyodide.asm.wasm", "python.wasm"]) {
  const place = path.join(archive, name);
  sizes[name] = { plain: statSync(place).size, gzip: statSync(`${place}.gz`).size };
}

await build({
  entryPoints: [path.join(here, "worker.js"), path.join(here, "editor.js")],
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  legalComments: "none",
  nodePaths: [modules],
  external: ["node:*", "ws"],
  define: {
    SIZES: JSON.stringify(sizes),
    LOCK: readFileSync(path.join(archive, "lock.json"), "utf8"),
    RUN: JSON.stringify(readFileSync(new URL("python/run.py", import.meta.url), "utf8")),
  },
  logLevel: "error",
});
