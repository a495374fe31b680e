// Pointing at a name in a graph, or focusing it, lights up its lines and where they lead.

for (const graph of document.querySelectorAll(".graph, .guide-map")) {
  const labels = new Map([...graph.querySelectorAll("[data-node]")].map((label) => [label.dataset.node, label]));
  const lines = [...graph.querySelectorAll("[data-ends]")].map((line) => [line, line.dataset.ends.split(" ")]);
  const light = (node) => {
    for (const lit of graph.querySelectorAll(".lit")) lit.classList.remove("lit");
    graph.classList.toggle("has-lit", node !== undefined);
    for (const [line, ends] of lines) {
      if (!ends.includes(node)) continue;
      line.classList.add("lit");
      for (const end of ends) labels.get(end).classList.add("lit");
    }
  };
  for (const kind of ["pointerover", "focusin"]) {
    graph.addEventListener(kind, (event) => light(event.target.closest("[data-node]")?.dataset.node));
  }
  for (const kind of ["pointerleave", "focusout"]) graph.addEventListener(kind, () => light());
}
