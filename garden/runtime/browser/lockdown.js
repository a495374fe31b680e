// What a snippet's Python can reach of the worker, through Pyodide's bridge to JavaScript: the language, clocks, random
// numbers and text codecs. Not the network, not what the site or the browser keeps, not other workers or pages.
//
// It is a list of what stays, so that what browsers add tomorrow goes as well.

const STAYS = new Set(
  `
  AggregateError Array ArrayBuffer AsyncDisposableStack AsyncIterator Atomics BigInt BigInt64Array BigUint64Array Boolean
  DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Infinity
  Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError
  Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal TypeError URIError Uint16Array
  Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt undefined unescape
  AbortController AbortSignal DOMException Event EventTarget MessageChannel MessagePort TextDecoder TextEncoder
  clearInterval clearTimeout console constructor crypto performance queueMicrotask self structuredClone
  `.split(/\s+/),
);

function refused() {
  throw new TypeError("a snippet cannot do this in the browser");
}

// Code from text would be new code with the old rights.
function withoutEvaluation() {
  refused.prototype = Function.prototype; // for instanceof
  for (const kind of [() => {}, async () => {}, function* () {}, async function* () {}]) {
    const prototype = Object.getPrototypeOf(kind);
    Object.defineProperty(prototype, "constructor", { value: refused, writable: false, configurable: false });
  }
  for (const name of ["eval", "Function"]) {
    Object.defineProperty(globalThis, name, { value: refused, writable: false, configurable: false });
  }
  for (const name of ["setTimeout", "setInterval"]) {
    const later = globalThis[name];
    const checked = (act, ...rest) => (typeof act === "function" ? later(act, ...rest) : refused());
    Object.defineProperty(globalThis, name, { value: checked, writable: false, configurable: false });
  }
}

// Takes everything else from the worker; returns the names of what the browser does not let go.
export function lockDown() {
  withoutEvaluation();
  const left = [];
  for (let level = globalThis; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    if (level.constructor === EventTarget || level === EventTarget.prototype) continue;
    for (const name of Object.getOwnPropertyNames(level)) {
      if (STAYS.has(name) || ["eval", "Function", "setTimeout", "setInterval"].includes(name)) continue;
      if (!Reflect.deleteProperty(level, name)) {
        const hidden = Reflect.defineProperty(level, name, { value: undefined });
        if (!hidden) left.push(name);
      }
    }
  }
  return left;
}
