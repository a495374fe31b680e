// Returns a whole file with `code` in place of its lines, counted from 1, as far to the right as these stood.
export function spliced(whole, [first, last], indent, code) {
  const all = whole.split("\n");
  const moved = code.replace(/\n$/, "").split("\n");
  all.splice(first - 1, last - first + 1, ...moved.map((line) => (line ? " ".repeat(indent) + line : line)));
  return all.join("\n");
}
