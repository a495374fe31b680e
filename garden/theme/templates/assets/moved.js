// On a page that has moved: leads to its new place, to the section that was asked for.

const there = new URL(document.currentScript.dataset.to, location.href);
there.hash = location.hash;
location.replace(there);
