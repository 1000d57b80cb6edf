// The desk by keyboard. Focus is real focus on the row's link; off in fields, and when the account says so.
import { openDialog } from "./dialogs.js";

const rows = () => [...document.querySelectorAll("[data-row]")];
const linkOf = (row) => row?.querySelector("[data-row-link]");

function currentRow() {
  return document.activeElement?.closest("[data-row]") || document.querySelector("[data-row][data-current]");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  for (const row of all) row.toggleAttribute("data-current", row === next);
  linkOf(next).focus();
  next.scrollIntoView({ block: "nearest" });
  next.dispatchEvent(new CustomEvent("eh:row", { bubbles: true }));
}

const press = (node) => {
  if (!node) return false;
  if (node.matches("input:not([type=checkbox]),textarea,select")) node.focus();
  else node.click();
  return true;
};

const built = {
  j: () => move(1),
  k: () => move(-1),
  x: () => press(currentRow()?.querySelector("input[type=checkbox]")),
  o: () => press(linkOf(currentRow())),
  enter: () => !document.activeElement?.closest("a,button,summary") && press(linkOf(currentRow())),
  "/": () => press(document.querySelector("input[type=search]")),
  "?": () => openDialog("keys"),
};

export function startKeys() {
  if (document.querySelector("[data-keymap]")?.dataset.keymap !== "on") return;
  document.addEventListener("keydown", (event) => {
    const inField = event.target.matches("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && inField) event.target.blur();
    if (inField) return;
    const key = event.key.toLowerCase();
    const named = CSS.escape(key);
    const own = currentRow()?.querySelector(`[data-key="${named}"]`) || document.querySelector(`[data-key="${named}"]`);
    const done = own ? press(own) : key in built && built[key]() !== false;
    if (done) event.preventDefault();
  });
}
