// Copying code, and filtering the catalogue of snippets. Without JavaScript, the pages keep their links and tables.

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
