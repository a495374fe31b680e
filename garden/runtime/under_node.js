// node under_node.js PYODIDE SITE: runs programs in the browser's Python, without the browser.
//
// Reads lines of JSON, {name, source, fresh}, and answers each with {output, ended}. A fresh Python comes from the
// snapshot, as on a reader's second page; otherwise it is the one that has run what came before.

import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import { boot, prepare, snapshotOf } from "./browser/boot.js";

const [pyodide, site] = process.argv.slice(2);
process.on("uncaughtException", (error) => {
  process.stdout.write(`${JSON.stringify({ failed: String(error?.message ?? error).slice(-2000) })}\n`);
  process.exit(1);
});

const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
const { default: createModule } = await import(pathToFileURL(path.join(pyodide, "pyodide.asm.mjs")));
const lockFileContents = () => JSON.parse(readFileSync(path.join(site, "lock.json"), "utf8"));
const start = (snapshot) =>
  boot(loadPyodide, {
    indexURL: site,
    stdLibURL: path.join(site, "python.wasm"),
    lockFileContents: lockFileContents(),
    createModule,
    snapshot,
  });

let python = await start();
prepare(python, readFileSync(new URL("python/run.py", import.meta.url), "utf8"));
const memory = snapshotOf(python);
process.stdout.write(`${JSON.stringify({ ready: memory.length })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { name, source, fresh } = JSON.parse(line);
  let output = "";
  let ended;
  try {
    if (fresh) python = await start(memory);
    const decoder = new TextDecoder();
    const write = (bytes) => ((output += decoder.decode(bytes, { stream: true })), bytes.length);
    python.setStdout({ write, isatty: false });
    python.setStderr({ write, isatty: false });
    python.setStdin({ error: true });
    ended = JSON.parse(python.globals.get("run")(source, name));
  } catch (error) {
    ended = { status: 1, kind: "broken", error: [String(error?.message ?? error).slice(-500)] };
    python = await start(memory);
  }
  process.stdout.write(`${JSON.stringify({ output, ended })}\n`);
}
process.exit(0);
