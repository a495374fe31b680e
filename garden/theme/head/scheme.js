// Before anything is drawn: that scripts run, and the colors that the reader has chosen.
{
  const { dataset } = document.documentElement;
  dataset.scripts = "";
  try {
    const chosen = localStorage.getItem("guide.scheme");
    if (chosen === "dark" || chosen === "light") dataset.scheme = chosen;
  } catch {
    // Nothing may be kept here: the system's colors.
  }
}
