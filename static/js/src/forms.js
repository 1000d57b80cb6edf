import { word } from "./words.js";

// A form goes out once, says so while it does, and brings the reader to what went wrong.
const busy = new Set();

function markBusy(form, button) {
  busy.add(form);
  if (!button) return;
  const label = button.querySelector("span") || button;
  button.dataset.label = label.textContent;
  button.setAttribute("aria-busy", "true");
  label.textContent = word("sending");
}

function free(form) {
  busy.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    (button.querySelector("span") || button).textContent = button.dataset.label;
  }
}

export function focusProblem(root) {
  const place = root.querySelector?.("[data-focus]");
  if (!place) return false;
  place.focus();
  return true;
}

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (busy.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // After this turn of the loop: the pressed button's own value must still be collected.
    setTimeout(() => event.defaultPrevented && !form.matches("[hx-post],[data-hx-post]") || markBusy(form, event.submitter));
  }, true);
  // Back from the next page: the browser shows the old one as it was left.
  addEventListener("pageshow", () => [...busy].forEach(free));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) free(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (focusProblem(event.detail.elt)) return;
    const back = event.detail.elt.querySelector?.("[data-focus-after]");
    if (back) back.focus();
  });
  focusProblem(document);
}
