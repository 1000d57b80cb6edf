// Dialogs, menus, toasts: open, close, and give the focus back.
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) openDialog(opener.dataset.openDialog);
    if (event.target.matches("dialog")) event.target.close();
    event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });
}

export function showDismiss(root) {
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
}

// The sticky bar of a phone steps aside while the panel's own buttons are in view.
export function startMobileBar() {
  const bar = document.querySelector("[data-mobile-bar]");
  const foot = document.querySelector(".turn-f");
  if (bar && foot) new IntersectionObserver(([seen]) => bar.toggleAttribute("data-hide", seen.isIntersecting)).observe(foot);
}
