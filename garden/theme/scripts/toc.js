// Marks the section that is being read in the list of sections.
{
  const list = document.querySelector(".guide-toc");
  const links = new Map();
  for (const link of list?.querySelectorAll("ul a") ?? []) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
    link.addEventListener("click", () => list.matches(":popover-open") && list.hidePopover());
  }
  // A heading is past once it has come into the upper third, however far above that it is now.
  const past = new Set();
  let current;
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) past[isIntersecting ? "add" : "delete"](target);
    const last = [...links.keys()].findLast((heading) => past.has(heading));
    current?.removeAttribute("aria-current");
    current = links.get(last);
    current?.setAttribute("aria-current", "true");
    current?.scrollIntoView({ block: "nearest" });
  }, { rootMargin: "99999999px 0px -66% 0px" });
  for (const heading of links.keys()) observer.observe(heading);
}
