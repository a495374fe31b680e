// What the search shows: the notes that were found, each with its section and the words that match.

const NOTES = { least: 4, most: 8, asGood: 0.1 }; // how many are shown; those beyond the least, if as good beside the best
const SECTIONS = { notes: 3, more: 2, asGood: 0.6 }; // how many of the first notes show more sections, how many, how good
const EXCERPT = 28; // words

const lowered = (word) => [word.toLowerCase()];

// The words of a text, as places from and to, with those of the keys for which they stand.
function matches(text, keys, keysOf = termsOf) {
  return [...text.matchAll(/[\p{L}\p{N}_]+/gu)].map(({ 0: word, index }) => {
    return { from: index, to: index + word.length, matching: keysOf(word).filter((key) => keys.has(key)) };
  });
}

// The part of a text where most of the terms stand close together; and whether any of them does.
function excerpt(text, terms) {
  const words = matches(text, terms);
  if (words.length === 0) return { text, found: false };
  let [best, most] = [0, 0];
  for (const [at, { matching }] of words.entries()) {
    if (!matching.length) continue;
    const within = new Set(words.slice(at, at + EXCERPT - 4).flatMap((word) => word.matching)).size;
    if (within > most) [best, most] = [at, within];
  }
  const first = Math.max(0, Math.min(best - 4, words.length - EXCERPT));
  const last = Math.min(words.length, first + EXCERPT);
  const part = text.slice(first ? words[first].from : 0, last < words.length ? words[last - 1].to : text.length);
  return { text: `${first ? "… " : ""}${part}${last < words.length ? " …" : ""}`, found: most > 0 };
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

function marked(text, keys, keysOf) {
  const nodes = [];
  let done = 0;
  for (const { from, to, matching } of matches(text, keys, keysOf)) {
    if (!matching.length) continue;
    nodes.push(text.slice(done, from), element("mark", "", text.slice(from, to)));
    done = to;
  }
  return [...nodes, text.slice(done)];
}

// What stands in the lines of a note: where each leads, and what it says.
function linesOf(one, number, notes) {
  const note = notes[one.note];
  if (one.error) return [{ note, kind: "error", code: marked(one.error, one.words, lowered), title: [note.title] }];
  const { part: best, score = 0 } = one.parts[0] ?? {};
  if (one.listing || !best) return [{ note, kind: note.kind, title: [note.title], text: [note.about] }];
  const others = one.parts.slice(1).filter((other) => other.score >= SECTIONS.asGood * score);
  const shown = [one.parts[0], ...(number < SECTIONS.notes ? others.slice(0, SECTIONS.more) : [])];
  return shown.map(({ part, terms }, at) => {
    const texts = [part.text ?? "", part.heading ? "" : note.about].map((text) => excerpt(text, terms));
    const text = texts.find(({ found }) => found) ?? texts[0];
    const names = (part.code ?? "").split(" ").filter((name) => termsOf(name).some((term) => terms.has(term)));
    return {
      note,
      ident: part.ident,
      kind: at ? "" : note.kind,
      title: at ? [] : marked(note.title, terms),
      heading: at || part.heading ? marked(part.heading ?? "At the top", terms) : [],
      text: marked(text.text, terms),
      code: text.found || !names.length ? [] : marked(names.slice(0, 6).join(" "), terms),
    };
  });
}

function row({ note, ident, kind, title, heading = [], text = [], code = [] }, number, addressOf) {
  const option = element("a", kind ? "guide-found" : "guide-found guide-found-more");
  option.id = `guide:found-${number}`;
  option.setAttribute("role", "option");
  option.tabIndex = -1;
  option.href = addressOf(note.url, ident);
  const label = !kind || kind === "note" ? [] : [element("span", `guide-found-kind guide-found-${kind}`, kind), " "];
  if (title.length) option.append(element("span", "", ...label, element("span", "guide-found-title", ...title)));
  if (heading.length) option.append(" ", element("span", "guide-found-section", ...heading));
  if (text.length) option.append(" ", element("span", "guide-found-text", ...text));
  if (code.length) option.append(" ", element("code", "guide-found-text", ...code));
  const item = element("li", "", option);
  item.setAttribute("role", "none");
  return item;
}

window.guideFinds = async (dialog, index) => {
  const box = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const state = dialog.querySelector("[role=status]");
  const find = await reading(index);
  const top = new URL(dialog.dataset.top, location.href);
  let chosen = -1;

  function addressOf(url, ident) {
    const found = new URL(url, top.pathname.endsWith("/") ? top : `${top}/`);
    // In a folder nobody looks for the page of a folder.
    if (found.protocol === "file:" && found.pathname.endsWith("/")) found.pathname += "index.html";
    if (ident) found.hash = ident;
    return found.href;
  }

  function choose(number) {
    const options = list.querySelectorAll("[role=option]");
    options[chosen]?.removeAttribute("aria-selected");
    chosen = options.length ? (number + options.length) % options.length : -1;
    options[chosen]?.setAttribute("aria-selected", "true");
    options[chosen]?.scrollIntoView({ block: "nearest" });
    if (chosen < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function show() {
    const asked = box.value.trim();
    const all = asked ? find(asked) : [];
    const found = all.filter(({ score }, at) => at < NOTES.least || score >= NOTES.asGood * all[0].score).slice(0, NOTES.most);
    const lines = found.flatMap((one, number) => linesOf(one, number, index.notes));
    list.replaceChildren(...lines.map((line, number) => row(line, number, addressOf)));
    box.setAttribute("aria-expanded", String(found.length > 0));
    const count = found.length === 1 ? "1 page" : `${found.length} pages`;
    state.textContent = found.length ? count : asked.length > 2 ? "Nothing has these words. Try others, or fewer." : "";
    chosen = -1;
    list.scrollTop = 0;
    choose(0);
  }

  box.addEventListener("input", show);
  // A field of one line drops the ends of lines, and with them what keeps words apart.
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\r\n]/.test(text)) return;
    event.preventDefault();
    box.setRangeText(text.replace(/\s+/g, " "), box.selectionStart, box.selectionEnd, "end");
    show();
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") list.querySelector("[aria-selected=true]")?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => event.target.closest("a") && !event.ctrlKey && !event.metaKey && dialog.close());
  show();
};
