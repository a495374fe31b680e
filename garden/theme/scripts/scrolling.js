// What is wider than the page scrolls by itself: then the keyboard must reach it, and a table says its name.
{
  const headings = [...document.querySelectorAll(".md-typeset :is(h1, h2, h3, h4)")];

  function name(frame) {
    const before = (heading) => heading.compareDocumentPosition(frame) & Node.DOCUMENT_POSITION_FOLLOWING;
    const heading = headings.findLast(before);
    return frame.querySelector("caption")?.textContent ?? `Table: ${heading?.firstChild.textContent ?? document.title}`;
  }

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth;
      if (scrolls) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
      if (!target.matches(".table-frame")) continue;
      target.role = scrolls ? "region" : null;
      target.ariaLabel = scrolls ? name(target) : null;
    }
  });
  for (const frame of document.querySelectorAll(".table-frame, .md-typeset pre > code")) observer.observe(frame);
}
