// Filtering the catalog of snippets.

function filter(table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const values = (row, column) => row.cells[column].textContent.split(",").map((part) => part.trim()).filter(Boolean);
  const chosen = new Map();
  const bar = document.createElement("form");
  bar.className = "catalog-filter";
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
  table.closest(".table-frame").before(bar);
  update();
}

const catalog = document.querySelector(".catalog table, table.catalog");
if (catalog) filter(catalog);
