// What the other scripts share: a line that screen readers hear, and a button.
// The build joins the files of this folder, in the order of their names, into guide.js: they see each other's names.
// Without JavaScript, the pages keep their links and tables.

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
