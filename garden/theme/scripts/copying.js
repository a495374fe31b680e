// Copying the code of a block, or the whole file that it shows.

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

for (const block of document.querySelectorAll(".md-typeset .highlight")) {
  if (block.closest("figure.snippet")) continue;
  const code = block.querySelector("pre code");
  block.append(button("Copy", (made) => copy(made, "This block", Promise.resolve(code.textContent))));
}
