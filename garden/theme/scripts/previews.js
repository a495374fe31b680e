// Previews: the card of a link to a page shows how that page begins, or the place in it that the link leads to. The page
// is fetched when somebody rests on the link, once, and not at all if the reader saves data.
{
  const MOST = 700; // letters, after which no block is added
  const NO_TEXT = "script, style, template, form, button, input, select, textarea, iframe, object, details, dialog, nav, " +
    "figcaption, .headerlink, .footnote-backref, .tally, .around, .errors-title, .guide-about, .guide-button, .guide-take";
  const HOLDERS = { LI: "ul", TR: "table", DT: "dl", DD: "dl" };
  const pages = new Map();

  const address = (url) => url.origin + url.pathname + url.search;

  function load(url) {
    const key = address(url);
    if (key === address(location)) return document;
    if (!pages.has(key)) {
      if (navigator.connection?.saveData) return null;
      const page = fetch(key).then(async (answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return new DOMParser().parseFromString(await answer.text(), "text/html");
      });
      pages.set(key, page.catch(() => pages.delete(key) && null));
    }
    return pages.get(key);
  }

  // The blocks behind a heading, up to the next one that matches.
  function behind(heading, stop) {
    const found = [];
    let letters = 0;
    for (let next = heading.nextElementSibling; next && !next.matches(stop) && letters < MOST; next = next.nextElementSibling) {
      if (next.matches(NO_TEXT)) continue;
      found.push(next);
      letters += next.textContent.length;
    }
    return found;
  }

  const words = (heading) => [...heading.childNodes].map((node) => node.className === "headerlink" ? "" : node.textContent).join("").trim();

  // What a link leads to: the names of page and section, and blocks.
  function part(article, target) {
    const title = article.querySelector("h1");
    if (!title) return null;
    if (!target || target === title) {
      const start = behind(title, "h1, h2");
      return [[words(title)], start.length ? start : behind(title, "h1")];
    }
    const level = Number(/^H([2-6])$/.exec(target.tagName)?.[1]);
    if (level) {
      const stop = ["h1", "h2", "h3", "h4", "h5", "h6"].slice(0, level).join();
      return [[words(title), words(target)], behind(target, stop)];
    }
    const above = [...article.querySelectorAll("h2, h3, h4")].findLast(
      (heading) => heading.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const block = target.closest("p, li, dt, dd, tr, figure, blockquote, pre, table, div, section");
    if (block.tagName === "DT") return [[title, above].filter(Boolean).map(words), [block, block.nextElementSibling]];
    const before = [block.previousElementSibling].filter((other) => other && other !== title && other !== above);
    return [[title, above].filter(Boolean).map(words), [...before, block, ...behind(block, "h1, h2, h3, h4, h5, h6")]];
  }

  // A copy that cannot act, take focus or be taken for what it was copied from. Its addresses are those of its page.
  function copied(block, url, meant) {
    const copy = document.importNode(block, true);
    for (const left of copy.querySelectorAll(NO_TEXT)) left.remove();
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      if (meant && element.id === meant) element.classList.add("is-meant");
      for (const { name, value } of [...element.attributes]) {
        if (name === "href" || name === "src") element.setAttribute(name, new URL(value, url));
        else if (/^(?:id|name|tabindex|on.*|aria-.*by|data-.*)$/.test(name)) element.removeAttribute(name);
      }
      if (element.matches("a")) element.tabIndex = -1;
    }
    if (!HOLDERS[copy.tagName]) return copy;
    const holder = document.createElement(HOLDERS[copy.tagName]);
    holder.append(copy);
    return holder;
  }

  function card(names, blocks, url, meant) {
    const made = document.createDocumentFragment();
    const title = document.createElement("p");
    title.className = "guide-card-title";
    const link = document.createElement("a");
    link.href = url;
    link.tabIndex = -1;
    link.textContent = names.join(" › ");
    title.append(link);
    const text = document.createElement("div");
    text.className = "guide-card-text";
    text.ariaHidden = "true";
    text.append(...blocks.map((block) => copied(block, address(url), meant)));
    made.append(title, text);
    return made;
  }

  contents.push({
    fits: (link) => {
      const url = new URL(link.href);
      const own = address(url) === address(location);
      return url.origin === location.origin && /(?:\/|\.html)$/.test(url.pathname) && !(own && !url.hash) &&
        !link.matches(".term, .headerlink, .footnote-backref, [download]");
    },
    find: async (link) => {
      const url = new URL(link.href);
      const page = await load(url);
      const article = page?.querySelector("article");
      if (!article) return null;
      const target = url.hash && page.getElementById(decodeURIComponent(url.hash.slice(1)));
      if (target && !article.contains(target)) return null;
      const found = part(article, target);
      return found && card(...found, url, target && !target.matches("h1, h2, h3, h4, h5, h6") && target.id);
    },
  });
}
