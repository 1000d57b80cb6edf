// Light, dark, or as the system says: kept in a cookie, so that the server draws the right one at once.
export function startTheme() {
  const root = document.documentElement;
  for (const box of document.querySelectorAll("[data-theme-switch]")) {
    box.hidden = false;
    for (const radio of box.querySelectorAll("input")) {
      radio.checked = radio.value === (root.dataset.theme || "");
      radio.addEventListener("change", () => {
        if (radio.value) root.dataset.theme = radio.value;
        else delete root.dataset.theme;
        document.cookie = `eh_theme=${radio.value || "auto"};path=/;max-age=31536000;samesite=lax`;
      });
    }
  }
}
