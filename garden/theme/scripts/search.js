// Opening the search: by its button, by a slash or by Ctrl+K. What finds and what is found are fetched when it is opened
// for the first time; both are scripts, since a page that was opened from a folder may load nothing else.
{
  const dialog = document.querySelector(".guide-search");
  const opener = document.querySelector(".guide-finds");
  const box = dialog.querySelector("input");
  const state = dialog.querySelector("[role=status]");
  let coming;

  function load(address) {
    return new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", loaded);
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  }

  async function bring() {
    let index;
    window.guideIndex = (found) => (index = found);
    await Promise.all([load(dialog.dataset.finder), load(dialog.dataset.index)]);
    await window.guideFinds(dialog, index);
  }

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    box.select();
    coming ??= bring().catch(() => {
      coming = null;
      state.textContent = "The search could not be loaded. Close it and open it again to retry.";
    });
  }

  // In a text field of a Mac, Ctrl+K deletes to the end of the line.
  const isMac = /^Mac|^iP/.test(navigator.platform);
  const isTyping = (target) => target.isContentEditable || /^(?:input|select|textarea)$/i.test(target.tagName);

  opener.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    // The editor is in a shadow tree, so `event.target` is only the element around it.
    const typing = isTyping(event.composedPath()[0]);
    const control = event.ctrlKey && !(isMac && typing);
    const command = event.key.toLowerCase() === "k" && (control || event.metaKey) && !event.shiftKey;
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing;
    if (!command && !slash) return;
    event.preventDefault();
    open();
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  // Beside the dialog is its backdrop.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
