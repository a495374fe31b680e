// The button for the colors: it says what it will do. A choice that is the system's own is not kept, so that the page
// goes on following the system.
{
  const { dataset } = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const toggle = document.querySelector(".guide-scheme");
  const isDark = () => (dataset.scheme ? dataset.scheme === "dark" : dark.matches);

  function keep(chosen) {
    try {
      if (chosen) localStorage.setItem("guide.scheme", chosen);
      else localStorage.removeItem("guide.scheme");
    } catch {
      // Nothing may be kept here: the choice lasts as long as the page.
    }
  }

  function tell() {
    toggle.ariaLabel = toggle.title = isDark() ? "Use light colors" : "Use dark colors";
  }

  toggle.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    if ((chosen === "dark") === dark.matches) delete dataset.scheme;
    else dataset.scheme = chosen;
    keep(dataset.scheme);
    tell();
  });
  dark.addEventListener("change", tell);
  tell();
}
