// Python in a worker of its own: starts as soon as it is made, then runs one program after another.
//
// It is told {id, path, sources, lines, indent, code}: run the file `path` of the collection `sources`, with `code`, if
// given, in place of the whole or of these lines. It tells {step, loaded, total}, {ready}, {id, text}, {id, ended}, and
// {failed, kind}.

/* global LOCK, RUN, SIZES */

import { loadPyodide } from "pyodide/pyodide.mjs";

import { boot, prepare, snapshotOf } from "./boot.js";
import * as files from "./files.js";
import { lockDown } from "./lockdown.js";
import { spliced } from "./splice.js";

// A snippet that prints without end must not fill the page's queue; the page ends it.
const MOST = 300_000;
const BURST = 100;

// Taken before a snippet runs, which must not find them.
const { URL } = globalThis;
const tell = globalThis.postMessage.bind(globalThis);
const ENGINE = new URL("pyodide.asm.js", import.meta.url).href;
const engine = import(ENGINE);
engine.catch(() => {}); // told by whoever waits for it

const total = Object.values(SIZES).reduce((sum, size) => sum + size.gzip, 0);
const loaded = {};
let told = 0;

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
    if (name === "python.wasm") return new Response(await archive);
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
  tell({ step: "Loading SQLAlchemy and Flask" });
  prepare(python, RUN);
  return python;
}

// What starting leaves behind is as large as Python itself: the collector counts an untouched buffer, and comes.
function nudge() {
  return void new ArrayBuffer(1 << 27);
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
    const memory = snapshotOf(python);
    setTimeout(() => files.keepSnapshot(memory).then(nudge));
  } catch {
    // Then every visit begins at the beginning.
  }
  return python;
}

function streams(python, write) {
  const decoder = new TextDecoder();
  const options = { write: (bytes) => (write(decoder.decode(bytes, { stream: true })), bytes.length), isatty: false };
  python.setStdout(options);
  python.setStderr(options);
  python.setStdin({ error: true });
}

// Text goes out at once, until there is so much that it goes out in lumps.
function output(id) {
  let [waiting, written, tokens, last] = ["", 0, BURST, performance.now()];
  const flush = () => {
    if (waiting) tell({ id, text: waiting });
    waiting = "";
  };
  const write = (text) => {
    if (written > MOST) return;
    written += text.length;
    waiting += text;
    const now = performance.now();
    tokens = Math.min(BURST, tokens + (now - last) / 20);
    last = now;
    if (written > MOST) {
      waiting = waiting.slice(0, Math.max(0, waiting.length - (written - MOST)));
      flush();
      tell({ id, flood: true });
    } else if (tokens >= 1) {
      tokens -= 1;
      flush();
    }
  };
  return { write, flush };
}

const ready = start().then((python) => {
  const run = python.globals.get("run");
  for (const name of ["js", "pyodide_js"]) {
    python.unregisterJsModule(name);
    python.runPython(`import sys; sys.modules["${name}"] = None`);
  }
  lockDown();
  tell({ ready: true });
  setTimeout(nudge);
  return { python, run };
});

ready.catch((error) => {
  const memory = error instanceof RangeError || /memory/i.test(error?.message ?? "");
  tell({ failed: String(error?.message ?? error).slice(0, 300), kind: memory ? "memory" : "fetch" });
});

globalThis.addEventListener("message", async ({ data }) => {
  const { python, run } = await ready;
  const { write, flush } = output(data.id);
  streams(python, write);
  let ended;
  try {
    const source = await sourceOf(data);
    tell({ id: data.id, begun: true });
    ended = JSON.parse(run(source, data.path.split("/").pop()));
  } catch (error) {
    const what = error instanceof RangeError || /memory/i.test(error?.message ?? "") ? "memory" : "python";
    ended = { status: 1, kind: what, error: [String(error?.message ?? error).slice(0, 300)], broken: true };
  }
  flush();
  tell({ id: data.id, ended });
  const sources = new URL(`../${data.sources}`, import.meta.url).href;
  files.tidy(sources);
  for (const address of [import.meta.url, ENGINE, sources]) files.keepScript(address);
});

async function sourceOf({ path, sources, lines, indent, code }) {
  if (code !== undefined && !lines) return code;
  const address = new URL(`../${sources}`, import.meta.url).href;
  const whole = JSON.parse(await files.text(address))[path];
  return code === undefined ? whole : spliced(whole, lines, indent, code);
}
