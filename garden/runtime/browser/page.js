// Running and editing snippets in the reader's browser. Nothing is fetched before somebody reaches for Run or Edit.
// `runtime` is what the build has: {key, sources}, or null; from a folder, browsers load none of it. This text is published as a part of guide.js.
{
  const SECONDS = 30;
  const MOST = 300_000;
  const LONGEST_LINK = 200_000;
  const SAVES = navigator.connection?.saveData;
  const base = new URL("runner/", document.currentScript.src);
  const FOLDER = location.protocol === "file:" ? "This copy is read from a folder; that needs a server." : null;
  const cells = [];
  let python; // the worker, one for the page
  let current; // the cell whose run it has
  let runs = 0;

  function make(tag, className, parent, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    parent?.append(made);
    return made;
  }

  function warm({ path }) {
    if (python || !runtime) return;
    python = new Worker(new URL(`${runtime.key}/worker.js`, base), { type: "module", name: "Python" });
    python.onmessage = ({ data }) => receive(data);
    python.onerror = () => receive({ failed: "", kind: "fetch" });
    python.postMessage({ path, sources: runtime.sources });
    navigator.serviceWorker?.register(new URL("service.js", base)).catch(() => {});
  }

  function discard() {
    python?.terminate();
    python = undefined;
  }

  function receive(told) {
    if (told.failed !== undefined) {
      discard();
      const why = told.kind === "memory"
        ? "Python does not fit: this browser has too little memory left. Close other tabs and try again."
        : "Python could not be fetched. Check the connection and try again, or reload the page.";
      current?.end(why, true);
    } else if (told.step) {
      current?.progress(told);
    } else if (current && told.id === current.run) {
      if (told.begun) current.begin();
      else if (told.flood) current.stop("Stopped: it printed more than a page can show.");
      else if (told.ended) current.ended(told.ended);
      else current.print(told.text);
    }
  }

  class Cell {
    constructor(figure) {
      const { runs: path, lines, indent } = figure.dataset;
      // Without lines it is the whole file; with none, several parts of it.
      const numbers = lines?.split("-").filter(Boolean).map(Number);
      Object.assign(this, { figure, path, lines: numbers, indent: Number(indent ?? 0) });
      this.name = path.split("/").pop();
      this.block = figure.querySelector(".highlight");
      this.code = figure.querySelector("pre code");
      this.original = this.code.textContent.replace(/\n$/, "");
      this.bar = make("div", "runner");
      this.block.after(this.bar);
      this.runButton = this.button("Run", () => (this.run ? this.stop("Stopped.") : this.start()));
      this.runButton.classList.add("runner-run");
      this.editButton = this.button("Edit", () => this.edit());
      this.editButton.hidden = this.lines?.length === 0;
      for (const reach of ["pointerenter", "focus"]) {
        this.runButton.addEventListener(reach, () => {
          const soon = setTimeout(() => SAVES || warm(this), 80);
          for (const leave of ["pointerleave", "blur"]) this.runButton.addEventListener(leave, () => clearTimeout(soon));
        });
      }
      this.state = make("span", "runner-state", this.bar);
      this.state.setAttribute("role", "status");
      this.clock = make("span", "runner-clock", this.bar);
      this.clock.ariaHidden = "true";
    }

    button(label, act) {
      const made = make("button", "runner-button", this.bar, label);
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    }

    // The part below the bar, once there is something to show.
    open() {
      if (this.panel) return;
      this.panel = make("div", "runner-panel");
      this.bar.after(this.panel);
      const inPlace = this.editButton.hidden && !this.editor ? "" : ", with what stands here in its place";
      if (this.lines) make("p", "runner-note", this.panel, `Runs the whole of ${this.name}${inPlace}.`);
      this.bytes = make("progress", "", this.panel);
      this.bytes.ariaLabel = "Fetching Python";
      this.output = make("pre", "runner-output", this.panel);
      Object.assign(this.output, { tabIndex: 0, role: "region", ariaLabel: `What ${this.name} prints` });
    }

    get text() {
      return this.editor?.text() ?? this.original;
    }

    start() {
      if (!runtime) return this.say(FOLDER ?? "This build of the site has no Python for the browser.");
      if (current) current.stop("Stopped: another one was started.");
      this.open();
      this.output.replaceChildren();
      this.output.hidden = this.bytes.hidden = true;
      this.unmark();
      current = this;
      this.run = ++runs;
      this.printed = 0;
      this.waiting = "";
      this.runButton.textContent = "Stop";
      this.say("Starting Python");
      warm(this);
      const code = this.editor || !this.lines ? `${this.text}\n` : undefined;
      const { run: id, path, lines, indent } = this;
      python.postMessage({ id, path, lines, indent, code, sources: runtime.sources });
    }

    progress({ step, loaded, total }) {
      const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
      this.bytes.hidden = !total;
      if (total) Object.assign(this.bytes, { max: total, value: loaded });
      this.clock.textContent = total ? `${megabytes(loaded)} of ${megabytes(total)} MB` : "";
      if (this.state.textContent !== step) this.say(step);
    }

    begin() {
      this.bytes.hidden = true;
      this.say("Running");
      const began = performance.now();
      const tick = () => {
        const seconds = Math.floor((performance.now() - began) / 1000);
        this.clock.textContent = `${seconds} of at most ${SECONDS} s`;
        if (seconds >= SECONDS) this.stop(`Stopped after ${SECONDS} s.`);
      };
      tick();
      this.ticking = setInterval(tick, 250);
    }

    // Shows the first text at once, and what comes until the next frame together.
    print(text) {
      this.printed += text.length;
      if (this.printed > MOST * 1.5) return;
      this.waiting += text;
      if (this.frame) return;
      this.show();
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.show();
      });
    }

    show() {
      if (!this.waiting) return;
      this.output.hidden = false;
      this.output.append(this.waiting);
      this.waiting = "";
      this.output.scrollTop = this.output.scrollHeight;
    }

    ended({ status, seconds = 0, error, line, kind, broken }) {
      this.show();
      if (error) {
        this.output.hidden = false;
        make("span", "runner-error", this.output, error.join("\n"));
      }
      if (line) this.mark(line);
      if (broken || kind === "MemoryError") discard();
      const after = seconds < 0.05 ? "" : ` after ${seconds.toFixed(1)} s`;
      const where = line ? `, line ${line}` : "";
      if (kind === "MemoryError" || kind === "memory") this.end(`Ended${after}: it needs more memory than there is.`, true);
      else if (broken) this.end("Python broke down, and is started anew.", true);
      else if (kind) this.end(`Ended${after} with ${kind}${where}.`, true);
      else if (status) this.end(`Ended${after} with exit status ${status}.`, true);
      else this.end(`Finished${after}.`);
    }

    stop(why, again = true) {
      discard();
      this.end(why);
      if (again) warm(this);
    }

    end(why, isFault = false) {
      clearInterval(this.ticking);
      this.show();
      this.run = current = undefined;
      this.runButton.textContent = "Run";
      this.clock.textContent = "";
      if (this.bytes) this.bytes.hidden = true;
      this.say(why, isFault);
    }

    say(what, isFault = false) {
      this.state.textContent = what;
      this.state.classList.toggle("runner-fault", isFault);
    }

    // Marks the line of the file on which it failed, where it is on the page.
    mark(line) {
      const first = this.lines ? this.lines[0] : 1;
      if (this.editor) return this.editor.mark(line);
      const before = this.original.split("\n").slice(0, line - first);
      const start = before.join("\n").length + (before.length ? 1 : 0);
      if (!(line >= first) || line - first >= this.original.split("\n").length || !globalThis.Highlight) return;
      const range = new Range();
      const end = `${this.original}\n`.indexOf("\n", start);
      const walker = document.createTreeWalker(this.code, NodeFilter.SHOW_TEXT);
      for (let at = 0, node; (node = walker.nextNode()); at += node.length) {
        if (at <= start && start <= at + node.length) range.setStart(node, start - at);
        if (at <= end && end <= at + node.length) {
          range.setEnd(node, end - at);
          break;
        }
      }
      CSS.highlights.set("runner-failed", new Highlight(range));
    }

    unmark() {
      globalThis.CSS?.highlights?.delete("runner-failed");
    }

    async edit(text = this.original) {
      if (!runtime) return this.say(FOLDER ?? "This build of the site has no editor for the browser.");
      try {
        const { edit } = await import(new URL(`${runtime.key}/editor.js`, base));
        if (this.editor) return undefined;
        this.unmark();
        this.host = make("div", "runner-editor");
        this.bar.before(this.host);
        this.editor = edit(this.host, {
          text,
          original: this.original,
          first: this.lines?.[0] ?? 1,
          label: `Edit ${this.name}. Escape, then Tab leaves the editor.`,
          changed: (now) => this.changed(now),
          run: () => this.run || this.start(),
        });
      } catch {
        return this.say("The editor could not be fetched. Check the connection and try again.", true);
      }
      this.block.hidden = true;
      this.editButton.hidden = true;
      this.resetButton ??= this.button("Reset", () => this.reset());
      this.linkButton ??= this.button("Copy a link to this code", (event) => copy(event.target, "The link", this.link()));
      this.hint ??= make("span", "runner-hint", this.bar, "Esc, then Tab leaves the editor");
      this.editButton.after(this.resetButton, this.linkButton);
      this.bar.append(this.hint);
      this.changed(text);
      this.editor.focus();
      return this.editor;
    }

    changed(now) {
      this.figure.toggleAttribute("data-changed", now !== this.original);
    }

    reset() {
      if (this.run) this.stop("Stopped.");
      this.editor.remove();
      this.host.remove();
      this.editor = undefined;
      for (const part of [this.resetButton, this.linkButton, this.hint]) part.remove();
      this.block.hidden = this.editButton.hidden = false;
      this.changed(this.original);
      this.say("This is the tested text again.");
      this.editButton.focus();
    }

    async link() {
      const text = JSON.stringify([this.path, this.figure.dataset.lines ?? "", this.text]);
      const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
      const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
      const coded = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
      const address = new URL(location.href);
      address.hash = `run=${coded.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
      return address.href;
    }
  }

  async function unpacked(coded) {
    const bytes = Uint8Array.from(atob(coded.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > LONGEST_LINK) throw new RangeError("too long");
    }
    return JSON.parse(text).map(String);
  }

  // Shows the code that a link carries, and waits: nothing runs that nobody has read.
  async function follow() {
    const [, coded] = location.hash.match(/^#run=([\w-]+)$/) ?? [];
    if (!coded) return;
    try {
      const [path, lines, text] = await unpacked(coded);
      const fits = (cell) => cell.path === path && (cell.figure.dataset.lines ?? "") === lines;
      const cell = cells.find(fits) ?? cells.find((other) => other.path === path && !other.lines === !lines);
      if (cell.editor) cell.reset();
      if (await cell.edit(text)) cell.say("This code came with the link. Read it, then press Run.");
      cell.figure.scrollIntoView({ block: "start" });
    } catch {
      said.textContent = "The code in this link could not be read.";
    }
  }

  for (const figure of document.querySelectorAll("figure[data-runs]")) cells.push(new Cell(figure));
  for (const command of document.querySelectorAll(".snippet-local code")) {
    command.after(" ", button("Copy the command", (made) => copy(made, "The command", Promise.resolve(command.textContent))));
  }
  addEventListener("pagehide", () => {
    current?.stop("Stopped: you left the page.", false);
    discard();
  });
  addEventListener("hashchange", follow);
  follow();
}
