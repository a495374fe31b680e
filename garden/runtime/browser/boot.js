// Starts Python: from nothing, or from a snapshot of its memory. The same in the reader's worker and under Node.

// What most snippets import, loaded before the snapshot is made. More of it would make the first start longer and the
// snapshot larger: SQLAlchemy's ORM and Flask's test client come when a program asks for them.
const LOADED = [
  "concurrent.futures", "contextlib", "dataclasses", "enum", "functools", "inspect", "json", "logging", "pathlib", "queue",
  "random", "tempfile", "threading", "traceback", "typing", "weakref", "sqlite3", "sqlalchemy",
  "sqlalchemy.dialects.sqlite",
];
// What happens once in every program that uses it, and need not happen in each.
const WARMED = `
from sqlalchemy import QueuePool, create_engine, text
engine = create_engine("sqlite://", poolclass=QueuePool)
with engine.connect() as connection:
    connection.execute(text("SELECT 1")).all()
engine.dispose()
`;

// Where a snapshot says how large the whole memory was: Pyodide leaves this word of its header free.
const SIZE = 3;

// Pyodide asks for a list of the packages that it could fetch. Ours are in the archive, so there is none.
export function emptyLockFile({ info }) {
  return { info, packages: {} };
}

// Pyodide keeps a copy of the archive beside the one it was given, and keeps the heap at its first size, smaller than
// most snapshots.
function thrifty(createModule, snapshot) {
  const bytes = snapshot ? new Uint32Array(snapshot.buffer, snapshot.byteOffset, SIZE + 1)[SIZE] : 0;
  return async (settings) => {
    const owning = ({ FS }) => {
      const write = FS.writeFile;
      FS.writeFile = (path, data, options) => write(path, data, { canOwn: true, ...options });
    };
    const module = await createModule({ ...settings, preRun: [owning, ...settings.preRun] });
    const missing = bytes - module.HEAPU8.length;
    if (missing > 0 && !module.growMemory(bytes)) throw new RangeError("no memory for the snapshot");
    return module;
  };
}

// Returns Python, started as `options` say; from `snapshot` if there is one, otherwise ready to be snapshot.
export async function boot(loadPyodide, { createModule, snapshot, ...options }) {
  const python = await loadPyodide({
    env: { HOME: "/home/reader", PYTHONINSPECT: "", TMPDIR: "/tmp", LC_ALL: "C.UTF-8" },
    ...options,
    createPyodideModule: thrifty(createModule, snapshot),
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
  });
  if (snapshot) {
    python._api.config._loadSnapshot = undefined; // as large as the heap
    // A restored Python would deal the same cards to everybody.
    python.runPython("import random; random.seed(); del random");
  }
  return python;
}

// Loads what snippets import, and the function that runs them. `source` is the text of python/run.py; `program` is what
// comes first: Flask is loaded if it has to do with it.
export function prepare(python, source, program = "flask") {
  python.runPython(source);
  const names = program.includes("flask") ? [...LOADED, "flask"] : LOADED;
  python.globals.get("prepare")(python.toPy(names), WARMED);
}

// Lets the browser compile what a program is about to need, while nobody waits for it.
export function exercise(python) {
  python.globals.get("exercise")(WARMED);
}

// Writes without handing the target to the browser, which would hold it until the collector comes.
class Encoder extends TextEncoder {
  encodeInto(text, target) {
    const bytes = this.encode(text);
    target.set(bytes);
    return { written: bytes.length };
  }
}

// Returns the memory of a prepared Python, which nothing has run in yet, without the unused part at its end.
export function snapshotOf(python) {
  const encoder = globalThis.TextEncoder;
  let memory;
  try {
    globalThis.TextEncoder = Encoder;
    memory = python.makeMemorySnapshot();
  } finally {
    globalThis.TextEncoder = encoder;
  }
  const words = new Uint32Array(memory.buffer);
  words[SIZE] = python._module.HEAPU8.length;
  let end = words.length;
  while (words[end - 1] === 0) end -= 1;
  return memory.subarray(0, 4 * end);
}
