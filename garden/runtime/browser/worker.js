// Python in a worker of its own: starts as soon as it is made, then runs one program after another.
//
// It is told {path, sources} as soon as it is made: the file of the collection that will probably be run; and then
// {id, path, sources, lines, indent, code}: run the file, with `code`, if given, in place of the whole or of these lines.
// It tells {step, loaded, total}, {ready}, {id, begun}, {id, text}, {id, ended}, and {failed, kind}.

/* global LOCK, RUN, SIZES */

import { loadPyodide } from "pyodide/pyodide.mjs";

import { boot, exercise, prepare, snapshotOf } from "./boot.js";
import * as files from "./files.js";
import { lockDown } from "./lockdown.js";
import { spliced } from "./splice.js";

// A snippet that prints without end must not fill the page's queue; the page ends it.
const MOST = 300_000;

// Taken before a snippet runs, which must not find them.
const { URL } = globalThis;
const tell = globalThis.postMessage.bind(globalThis);
const ENGINE = new URL("pyodide.asm.js", import.meta.url).href;
const engine = import(ENGINE);
engine.catch(() => {}); // told by whoever waits for it

const total = Object.values(SIZES).reduce((sum, size) => sum + size.gzip, 0);
const loaded = {};
let told = 0;
let memory; // the snapshot, until it is kept
let asked = 0; // runs that have not ended
let announce;
const announced = new Promise((resolve) => (announce = resolve));

// The browser hands over plain bytes; what is told is what travels, compressed.
function progress(name, bytes) {
  loaded[name] = (bytes / SIZES[name].plain) * SIZES[name].gzip;
  const sum = Object.values(loaded).reduce((a, b) => a + b, 0);
  if (sum - told > 50_000 || sum >= total) {
    told = sum;
    tell({ step: "Fetching Python", loaded: sum, total });
  }
}

// Pyodide fetches two files by itself, one after the other; here both are on their way before it is, and compiling.
function serve() {
  const archive = files.large("python.wasm", progress).then((response) => response.arrayBuffer());
  const compiled = files.large("pyodide.asm.wasm", progress).then((response) => WebAssembly.compileStreaming(response));
  for (const promise of [archive, compiled]) promise.catch(() => {}); // told by whoever waits for it
  globalThis.fetch = async (address) => {
    const name = String(address).split("/").pop();
    if (name === "pyodide.asm.wasm") return compiled;
    if (name === "python.wasm") return { ok: true, arrayBuffer: () => archive }; // a Response would hand over a copy
    throw new TypeError(`${name} is no part of the runtime`);
  };
  WebAssembly.instantiateStreaming = async (promise, imports) => {
    const module = await promise;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return Promise.all([archive, compiled]);
}

async function started(snapshot, coming) {
  // What cannot be fetched is told here; Pyodide would wait for ever.
  coming ??= serve();
  coming.catch(() => {});
  const options = {
    indexURL: new URL(".", import.meta.url).href,
    stdLibURL: new URL("python.wasm", import.meta.url).href,
    lockFileContents: structuredClone(LOCK),
    createModule: (await engine).default,
    snapshot,
  };
  const python = await Promise.race([boot(loadPyodide, options), coming.then(() => new Promise(() => {}))]);
  if (snapshot) return python;
  const program = await announced.catch(() => ""); // told by the run, if there is one
  tell({ step: "Loading SQLAlchemy" });
  prepare(python, RUN, program);
  return python;
}

async function start() {
  const coming = serve();
  coming.catch(() => {});
  const kept = await files.snapshot();
  if (kept) {
    try {
      return await started(kept, coming);
    } catch {
      await files.dropSnapshot(); // of no use: begin at the beginning
    }
  }
  const python = await started(undefined, kept ? undefined : coming);
  try {
    memory = snapshotOf(python);
  } catch {
    // Then every visit begins at the beginning.
  }
  return python;
}

// What can wait until nobody does: keeping what was made, and giving back what starting leaves behind.
async function tidyUp() {
  if (memory) {
    const { buffer } = memory;
    const kept = files.keepSnapshot(memory);
    memory = undefined;
    await kept;
    buffer.transfer?.(0); // given back now, and not when the collector comes
  }
  // It is as large as Python itself: the collector counts an untouched buffer, and comes.
  void new ArrayBuffer(1 << 27);
}

function streams(python, write) {
  const decoder = new TextDecoder();
  const options = { write: (bytes) => (write(decoder.decode(bytes, { stream: true })), bytes.length), isatty: false };
  python.setStdout(options);
  python.setStderr(options);
  python.setStdin({ error: true });
}

// Text goes out at once: what waited here would not come while a program waits for something, or computes.
function output(id) {
  let written = 0;
  return (text) => {
    if (written > MOST) return;
    written += text.length;
    tell({ id, text: written > MOST ? text.slice(0, MOST - written) : text });
    if (written > MOST) tell({ id, flood: true });
  };
}

const ready = start().then((python) => {
  const run = python.globals.get("run");
  for (const name of ["js", "pyodide_js"]) {
    python.unregisterJsModule(name);
    python.runPython(`import sys; sys.modules["${name}"] = None`);
  }
  lockDown();
  tell({ ready: true });
  setTimeout(async () => {
    if (asked) return;
    await tidyUp();
    if (!asked) exercise(python);
  });
  return { python, run };
});

ready.catch((error) => {
  tell({ failed: String(error?.message ?? error).slice(0, 300), kind: lacksMemory(error) ? "memory" : "fetch" });
});

function lacksMemory(error) {
  return error instanceof RangeError || /memory/i.test(error?.message ?? "");
}

async function sourceOf({ path, sources, lines, indent, code }) {
  if (code !== undefined && !lines) return code;
  const whole = JSON.parse(await files.text(new URL(`../${sources}`, import.meta.url).href))[path];
  return code === undefined ? whole : spliced(whole, lines, indent, code);
}

globalThis.addEventListener("message", async ({ data }) => {
  const source = sourceOf(data);
  source.catch(() => {}); // told by the run
  announce(source);
  if (data.id === undefined) return;
  asked += 1;
  const { python, run } = await ready;
  streams(python, output(data.id));
  let ended;
  try {
    const program = await source;
    tell({ id: data.id, begun: true });
    ended = JSON.parse(run(program, data.path.split("/").pop()));
  } catch (error) {
    const what = lacksMemory(error) ? "memory" : "python";
    ended = { status: 1, kind: what, error: [String(error?.message ?? error).slice(0, 300)], broken: true };
  }
  tell({ id: data.id, ended });
  asked -= 1;
  const sources = new URL(`../${data.sources}`, import.meta.url).href;
  await Promise.all([import.meta.url, ENGINE, sources].map(files.keepScript));
  await files.tidy(sources);
  await tidyUp();
});
