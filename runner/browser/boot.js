// Starts Python: from nothing, or from a snapshot of its memory. The same in the reader's worker and under Node.

// What most snippets import, loaded before the snapshot is made. More of it would make the first start longer and the
// snapshot larger: SQLAlchemy's ORM and Flask's test client come when a program asks for them.
const LOADED = [
  "concurrent.futures", "contextlib", "dataclasses", "enum", "functools", "inspect", "json", "logging", "pathlib", "queue",
  "random", "tempfile", "threading", "traceback", "typing", "weakref", "sqlite3", "sqlalchemy",
  "sqlalchemy.dialects.sqlite", "flask",
];
// What happens once in every program that uses it, and need not happen in each.
const WARMED = `
from sqlalchemy import QueuePool, create_engine, text
engine = create_engine("sqlite://", poolclass=QueuePool)
with engine.connect() as connection:
    connection.execute(text("SELECT 1")).all()
engine.dispose()
`;

// Pyodide asks for a list of the packages that it could fetch. Ours are in the archive, so there is none.
export function emptyLockFile({ info }) {
  return { info, packages: {} };
}

// Pyodide keeps the heap at its first size, smaller than most snapshots.
function roomy(createModule, bytes) {
  return async (settings) => {
    const module = await createModule(settings);
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
    createPyodideModule: snapshot ? roomy(createModule, snapshot.length) : createModule,
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
  });
  if (snapshot) {
    python._api.config._loadSnapshot = undefined; // as large as the heap
    // A restored Python would deal the same cards to everybody.
    python.runPython("import random; random.seed(); del random");
  }
  return python;
}

// Loads what snippets import, and the function that runs them. `source` is the text of python/run.py.
export function prepare(python, source) {
  python.runPython(source);
  python.runPython(`load(${JSON.stringify(LOADED)})`);
  python.globals.get("run")(WARMED, "warmed.py");
  python.runPython("settle()");
}

// Returns the memory of a prepared Python, which nothing has run in yet.
export function snapshotOf(python) {
  return python.makeMemorySnapshot();
}
