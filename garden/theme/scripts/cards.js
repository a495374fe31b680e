// A card with what a link leads to: shown while the pointer or the keyboard's focus rests on the link, or after a finger
// has been held on it; a tap follows the link as ever. Escape hides it, and it stays while the pointer is on it.

// Each finds the contents of the card for some kind of link: a function from the link to a node, or to the promise of
// one, or to nothing. What a screen reader should hear stands in the node without aria-hidden.
const contents = [];

const card = document.createElement("div");
card.className = "guide-card md-typeset";
card.id = "guide:card";
card.setAttribute("role", "tooltip");
card.hidden = true;
document.body.append(card);
{
  const ASK = 120; // milliseconds until a pointer that rests has a purpose
  const SHOW = 180; // and until the card is shown, if it is there at once
  const STAY = 300; // until it goes
  const HOLD = 350; // shorter than what opens the browser's own menu
  const GAP = 4; // pixels to the edge of the line
  let wanted = null;
  let shown = null;
  let held = null;
  let coming = 0;
  let leaving = 0;

  function hide() {
    clearTimeout(coming);
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = wanted = null;
    card.hidden = true;
    card.replaceChildren();
  }

  // Below the line of the link, or above it: never on it.
  function place(link) {
    const lines = [...link.getClientRects()];
    const [first, last] = [lines[0], lines.at(-1)];
    const covered = document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
    const above = first.top - Math.max(0, covered) - 2 * GAP;
    const below = innerHeight - last.bottom - 2 * GAP;
    card.style.maxHeight = "";
    const down = card.offsetHeight <= below || below >= above;
    card.style.maxHeight = `${Math.max(Math.min(down ? below : above, card.offsetHeight), 64)}px`;
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min((down ? last : first).left, width - card.offsetWidth - 8));
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(down ? last.bottom + GAP : first.top - GAP - card.offsetHeight) + scrollY}px`;
    card.classList.toggle("is-clipped", card.scrollHeight > card.clientHeight + 1);
  }

  function show(link, content) {
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = link;
    card.replaceChildren(content);
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    place(link);
  }

  // Nothing is shown if it fails.
  async function found(find, link) {
    try {
      return await find(link);
    } catch {
      return null;
    }
  }

  function come(link, ask, pause) {
    clearTimeout(leaving);
    if (link === wanted) return;
    clearTimeout(coming);
    wanted = link;
    const find = contents.find((kind) => kind.fits(link))?.find;
    if (!find) return;
    coming = setTimeout(async () => {
      const [content] = await Promise.all([found(find, link), new Promise((done) => setTimeout(done, pause))]);
      if (content && wanted === link) show(link, content);
    }, ask);
  }

  function leave() {
    clearTimeout(leaving);
    if (!shown || wanted !== shown) {
      clearTimeout(coming);
      wanted = shown;
    }
    if (shown && shown !== document.activeElement) leaving = setTimeout(hide, STAY);
  }

  const linkAt = (event) => event.target.closest?.("article a[href]:not(svg a)");
  document.addEventListener("pointerover", (event) => {
    const link = linkAt(event);
    if (link && event.pointerType !== "touch") come(link, ASK, SHOW);
  });
  document.addEventListener("pointerout", (event) => {
    const link = linkAt(event);
    if (link && event.pointerType !== "touch" && !link.contains(event.relatedTarget)) leave();
  });
  card.addEventListener("pointerenter", () => {
    clearTimeout(leaving);
    wanted = shown;
  });
  card.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && leave());
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link?.matches(":focus-visible")) come(link, ASK, SHOW);
    else if (link !== shown && !card.contains(event.target)) hide();
  });
  document.addEventListener("focusout", (event) => linkAt(event) && !card.contains(event.relatedTarget) && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

  document.addEventListener("pointerdown", (event) => {
    held = null;
    if (card.contains(event.target)) return;
    hide();
    const link = event.pointerType === "touch" && linkAt(event);
    if (!link) return;
    const lift = new AbortController();
    const timer = setTimeout(() => {
      held = link;
      come(link, 0, 0);
    }, HOLD);
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => (clearTimeout(timer), lift.abort()), { signal: lift.signal });
    }
  });
  // Lifting a finger that was held is no tap.
  document.addEventListener("click", (event) => {
    if (held && held === shown && linkAt(event) === held) event.preventDefault();
  }, true);
}
