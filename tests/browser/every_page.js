// What tests/browser/test_every_page.py asks of each page, in the page itself. Each function returns what it finds wrong.
(() => {
  const shifts = [];
  const refused = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push(entry.value);
  }).observe({ type: "layout-shift", buffered: true });
  document.addEventListener("securitypolicyviolation", (event) => refused.push(`${event.effectiveDirective} ${event.blockedURI}`));

  const told = (found) => found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.any.concat(node.all, node.none).map((check) => check.message)[0] ?? ""}`));

  // After a change of width: what watches sizes has seen it.
  const settled = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

  async function violations() {
    await settled();
    const runOnly = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
    return told((await axe.run(document, { runOnly, resultTypes: ["violations"] })).violations);
  }

  window.guideChecks = {
    // How far things have moved while the page came, and what the policy has refused.
    moved: () => shifts.reduce((sum, value) => sum + value, 0),
    refused: () => refused,

    // A block's colors are the same throughout: of each kind of word, the first is enough to look at. The block keeps
    // its size, so that what scrolls still does.
    thin() {
      const blocks = [...document.querySelectorAll("pre code")].map((code) => [code, code.scrollWidth, code.scrollHeight]);
      for (const [code, width, height] of blocks) {
        Object.assign(code.style, { display: "block", minWidth: `${width}px`, minHeight: `${height}px` });
        const kinds = new Map();
        for (const word of code.querySelectorAll("span[class]:not(:has(span))")) {
          const kind = `${word.parentElement.className} ${word.className}`;
          if (!kinds.has(kind)) kinds.set(kind, word.parentElement === code ? word : word.parentElement);
        }
        if (kinds.size) code.replaceChildren(...new Set(kinds.values()));
        else code.textContent = code.textContent.slice(0, 20);
      }
    },

    everything: violations,

    // What the keyboard reaches shows that it has been reached, and is not under the line on top.
    focus() {
      const faults = [];
      for (const element of document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")) {
        if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) || element.disabled) continue;
        element.focus({ focusVisible: true });
        const style = getComputedStyle(element);
        const name = element.outerHTML.slice(0, 120);
        if (document.activeElement !== element) faults.push(`not reached: ${name}`);
        else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) faults.push(`no outline: ${name}`);
        else if (element.matches("article *") && element.getClientRects()[0].bottom <= document.querySelector(".guide-header").offsetHeight) {
          faults.push(`hidden by the header: ${name}`);
        }
      }
      document.activeElement.blur();
      scrollTo(0, 0);
      return faults;
    },

    wider: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})();
