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
