// The files of the runtime: from the cache of this version, or from the site, counted as they come.

/* global SIZES */

// Taken before a snippet runs, which must not find them.
const { Blob, DecompressionStream, ReadableStream, Response, TransformStream, URL, caches } = globalThis;
const ask = globalThis.fetch.bind(globalThis);
const HERE = new URL(".", import.meta.url);
const PREFIX = `runner ${new URL("..", HERE).pathname} `;
const SNAPSHOT = new URL("snapshot", HERE).href;

// Some browsers, and pages that are not secure, have no cache; it may be full, or be taken away at any time.
async function opened() {
  try {
    return await caches.open(PREFIX + HERE.pathname);
  } catch {
    return null;
  }
}

function once(make) {
  let made;
  return () => (made ??= make());
}

const store = once(opened);

async function kept(address) {
  try {
    return await (await store())?.match(address, { ignoreVary: true });
  } catch {
    return undefined;
  }
}

export async function keep(address, body, type = "application/octet-stream") {
  try {
    await (await store())?.put(address, new Response(body, { headers: { "content-type": type } }));
  } catch {
    // The quota is used up: what is missing is fetched again.
  }
}

// Removes older versions of the runtime, and of the snippets: of this site only.
export async function tidy(sources) {
  try {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== PREFIX + HERE.pathname) await caches.delete(name);
    }
    const own = await store();
    for (const { url } of await own.keys()) {
      if (url.includes("/snippets-") && url !== sources) await own.delete(url);
    }
  } catch {
    // No cache, nothing to tidy.
  }
}

async function fetched(address) {
  const answer = await ask(address);
  if (!answer.ok) throw new TypeError(`${answer.status} for ${address}`);
  return answer;
}

// Whether the web server compresses WebAssembly by itself, and perhaps better than gzip does.
const compresses = once(async () => (await fetched(new URL("probe.wasm", HERE))).headers.has("content-encoding"));

async function stream(name) {
  if (await compresses()) return (await fetched(new URL(name, HERE))).body;
  const answer = await fetched(new URL(`${name}.gz`, HERE));
  // Some servers tell the browser to unpack what ends in .gz.
  return answer.headers.has("content-encoding") ? answer.body : answer.body.pipeThrough(new DecompressionStream("gzip"));
}

// Returns one of the large files as a response that can be streamed. `progress(name, bytes)` tells what has come.
export async function large(name, progress) {
  const address = new URL(name, HERE).href;
  const headers = { "content-type": "application/wasm" };
  const found = await kept(address);
  if (found) return found;
  const chunks = [];
  let bytes = 0;
  const counted = new TransformStream({
    transform(chunk, controller) {
      chunks.push(chunk);
      bytes += chunk.length;
      progress(name, bytes);
      controller.enqueue(chunk);
    },
    async flush() {
      if (bytes !== SIZES[name].plain) throw new TypeError(`${name} came in part`);
      keep(address, new Blob(chunks), headers["content-type"]);
    },
  });
  return new Response((await stream(name)).pipeThrough(counted), { headers });
}

// Whether everything large is in the cache.
export async function complete() {
  const found = await Promise.all(Object.keys(SIZES).map((name) => kept(new URL(name, HERE).href)));
  return found.every(Boolean);
}

export async function text(address) {
  const found = (await kept(address)) ?? (await fetched(address));
  return found.text();
}

// Keeps a file that the browser has fetched by itself: a script of the worker, from its own cache where it can.
export async function keepScript(address) {
  try {
    if (await kept(address)) return;
    const answer = await ask(address, { cache: "force-cache" });
    if (answer.ok) await keep(address, await answer.blob(), answer.headers.get("content-type"));
  } catch {
    // Then a later visit asks the site.
  }
}

export async function snapshot() {
  const found = await kept(SNAPSHOT);
  return found && new Uint8Array(await found.arrayBuffer());
}

// In pieces: a Response would begin with a copy of the whole, and hold it.
export function keepSnapshot(memory) {
  let at = 0;
  const pull = (controller) => {
    controller.enqueue(memory.slice(at, (at += 4 << 20)));
    if (at >= memory.length) controller.close();
  };
  return keep(SNAPSHOT, new ReadableStream({ pull }));
}

export async function dropSnapshot() {
  try {
    await (await store())?.delete(SNAPSHOT);
  } catch {
    // Then it was not there.
  }
}
