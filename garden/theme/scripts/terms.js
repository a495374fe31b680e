// Definitions: a term is a link to the glossary, and its card says what it means.

contents.push({
  fits: (link) => link.matches(".term"),
  find: (link) => document.createTextNode(link.dataset.definition),
});
