// Copying code, filtering the catalogue of snippets, definitions on hover, and what the search is asked.
// Without JavaScript, the pages keep their links and tables.

const said = document.createElement("p");
said.className = "guide-said";
said.setAttribute("role", "status");
document.body.append(said);

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "guide-button";
  made.textContent = label;
  made.addEventListener("click", () => act(made));
  return made;
}

// Safari takes a text that is still on its way only as an item.
async function copy(made, what, text) {
  try {
    if (navigator.clipboard.write && window.ClipboardItem) {
      const blob = text.then((found) => new Blob([found], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      await navigator.clipboard.writeText(await text);
    }
    said.textContent = `${what} is copied.`;
    made.dataset.done = "copied";
  } catch {
    said.textContent = `${what} could not be copied; select it, or download the file.`;
    made.dataset.done = "failed";
  }
  setTimeout(() => delete made.dataset.done, 2000);
}

async function whole(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

for (const figure of document.querySelectorAll("figure.snippet")) {
  const links = figure.querySelectorAll("a.snippet-file");
  const isPart = figure.querySelector("[data-snippet*=':']") !== null;
  if (links.length && isPart) {
    const part = () => Promise.resolve(figure.querySelector("pre code").textContent);
    links[0].before(button("Copy this part", (made) => copy(made, "This part", part())), " ");
  }
  for (const link of links) {
    link.before(button("Copy the whole file", (made) => copy(made, link.download, whole(link.href))), " ");
  }
}

function filter(table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const values = (row, column) => row.cells[column].textContent.split(",").map((part) => part.trim()).filter(Boolean);
  const chosen = new Map();
  const bar = document.createElement("form");
  bar.className = "catalogue-filter";
  bar.setAttribute("aria-label", "Filter the snippets");
  const count = document.createElement("output");
  const update = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = [...chosen].some(([column, value]) => value && !values(row, column).includes(value));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${rows.length} snippets`;
  };
  heads.forEach((head, column) => {
    if (column === 0) return;
    const label = document.createElement("label");
    const select = document.createElement("select");
    const found = [...new Set(rows.flatMap((row) => values(row, column)))].sort((a, b) => a.localeCompare(b));
    select.add(new Option("any", ""));
    for (const value of found) select.add(new Option(value, value));
    select.addEventListener("change", () => {
      chosen.set(column, select.value);
      update();
    });
    label.append(head, " ", select);
    bar.append(label);
  });
  bar.append(count);
  table.closest(".md-typeset__scrollwrap")?.before(bar) ?? table.before(bar);
  update();
}

const catalogue = document.querySelector(".catalogue table, table.catalogue");
if (catalogue) filter(catalogue);

// Definitions: a term is a link to the glossary. Pointing at it or focusing it shows what it means; Escape hides that,
// and it stays while the pointer is on it.

const card = document.createElement("div");
card.className = "term-card";
card.id = "guide:term";
card.setAttribute("role", "tooltip");
card.hidden = true;
document.body.append(card);
let shownTerm = null;
let leaving = 0;

function hideTerm() {
  clearTimeout(leaving);
  shownTerm?.removeAttribute("aria-describedby");
  shownTerm = null;
  card.hidden = true;
}

function showTerm(term) {
  clearTimeout(leaving);
  if (shownTerm === term) return;
  hideTerm();
  shownTerm = term;
  card.textContent = term.dataset.definition;
  card.hidden = false;
  term.setAttribute("aria-describedby", card.id);
  const line = term.getClientRects()[0];
  const width = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(line.left, width - card.offsetWidth - 8));
  const above = line.bottom + card.offsetHeight + 8 > window.innerHeight && line.top > card.offsetHeight + 8;
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${(above ? line.top - card.offsetHeight : line.bottom) + window.scrollY}px`;
}

function leaveTerm() {
  clearTimeout(leaving);
  leaving = setTimeout(() => document.activeElement === shownTerm || hideTerm(), 300);
}

for (const term of document.querySelectorAll("a.term")) {
  // A finger does not hover: it follows the link.
  term.addEventListener("pointerenter", (event) => event.pointerType === "touch" || showTerm(term));
  term.addEventListener("pointerleave", leaveTerm);
  term.addEventListener("focus", () => term.matches(":focus-visible") && showTerm(term));
  term.addEventListener("blur", hideTerm);
}
card.addEventListener("pointerenter", () => clearTimeout(leaving));
card.addEventListener("pointerleave", leaveTerm);
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTerm());

// The search takes colons, quotes, dashes and stars for commands, and "in" for the beginning of "invalid". People paste
// error messages and ask in sentences: hand over the words that tell something.

const EMPTY_WORDS = new Set(
  ("a about after all also am an and any are as at be because been before but by can cannot could did do does doing don " +
    "done each for from get gets getting give gives go goes got had has have having he her his how https i if in into is " +
    "it its just ll let like make me my need no not of off on only or our out over own please re s say says set should " +
    "so some still such t than that the their them then there these they this to too up us use used using ve very want " +
    "was way we well went were what when where whether which while who why will with would yet you your").split(" "),
);

function stem(word) {
  return word
    .replace(/^(\w{4,}?)(?:ing|ed)$/, "$1")
    .replace(/^(\w+?)ies$/, "$1")
    .replace(/^(\w*(?:ss|x|ch|sh))es$/, "$1")
    .replace(/^(\w{2,}[^su])s$/, "$1");
}

// A word as it is written counts for more than its other forms. With a weight, the search takes it for a whole word.
function forms(word) {
  return [`${word}^3`, ...["", "s", "ing", "ed"].map((ending) => `${stem(word)}${ending}^1`)];
}

function asked(text) {
  // Where a class is defined, and where its page is, tells less than its name.
  const named = text.replace(/https?:\/\/\S*\//g, " ").replace(/\b(?:[a-z_]\w*\.)+(?=[A-Z])/g, "");
  const words = named.toLowerCase().match(/\w+(?:\.\d+)?/g) ?? [];
  const telling = words.filter((word) => !EMPTY_WORDS.has(word) && !/^(?:\w|\d\d?|\d+\.\d+)$/.test(word));
  // Of a whole traceback the end says what is wrong. The last word may still grow.
  const last = [...new Set(telling.length ? telling : words)].slice(-40);
  return [...new Set([...last.flatMap(forms), ...last.slice(-1)])].join(" ");
}

const searchBox = document.querySelector("input[data-md-component='search-query']");
if (searchBox) {
  const typed = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  Object.defineProperty(searchBox, "value", {
    get: () => asked(typed.get.call(searchBox)),
    set: (text) => typed.set.call(searchBox, text),
  });
}
