// node pack.js PYODIDE PACKAGES TARGET: packs Python's modules inside Pyodide, and compresses what the site offers.
//
// The archive is a WebAssembly module with one custom section, which holds a zip: web servers compress what has that
// type, Python finds a zip by its end, and nothing is ever instantiated.

import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [pyodide, packages, target] = process.argv.slice(2);

// An error inside the engine shows as its source, a megabyte in one line.
process.on("uncaughtException", (error) => {
  console.error(String(error.message).slice(-2000));
  process.exit(1);
});

const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
const { emptyLockFile } = await import("./browser/boot.js");
const lock = JSON.parse(readFileSync(path.join(pyodide, "pyodide-lock.json"), "utf8"));
writeFileSync(path.join(target, "lock.json"), JSON.stringify(emptyLockFile(lock)));
const python = await loadPyodide({ indexURL: pyodide, lockFileContents: emptyLockFile(lock) });

function copy(from, to) {
  python.FS.mkdirTree(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, place] = [path.join(from, entry.name), `${to}/${entry.name}`];
    if (entry.isDirectory()) copy(source, place);
    else python.FS.writeFile(place, readFileSync(source));
  }
}

copy(packages, "/packages");
python.FS.writeFile("/standard.zip", readFileSync(path.join(pyodide, "python_stdlib.zip")));
python.runPython(readFileSync(new URL("python/pack.py", import.meta.url), "utf8"));
writeFileSync(
  path.join(target, "versions.json"),
  python.globals.get("pack")("/standard.zip", "/packages", "/python.zip"),
);

function leb128(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return Buffer.from([...bytes, number]);
}

const zip = python.FS.readFile("/python.zip");
const name = Buffer.from("\x06python");
const header = Buffer.concat([Buffer.from("\0asm\x01\0\0\0\0", "latin1"), leb128(name.length + zip.length), name]);
writeFileSync(path.join(target, "python.wasm"), Buffer.concat([header, zip]));
cpSync(path.join(pyodide, "pyodide.asm.wasm"), path.join(target, "pyodide.asm.wasm"));
for (const file of ["python.wasm", "pyodide.asm.wasm"]) {
  const place = path.join(target, file);
  writeFileSync(`${place}.gz`, gzipSync(readFileSync(place), { level: 9 }));
}
process.exit(0);
