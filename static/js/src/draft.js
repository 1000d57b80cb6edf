import { word } from "./words.js";

// Drafts are kept on the server: every 20 s of change, and when the page is left.
const changed = new Set();

const tell = (form, text) => {
  const place = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
  if (place) place.textContent = text;
};

async function save(form, leaving) {
  if (!changed.delete(form) || !form.isConnected) return;
  const data = new FormData(form);
  data.delete("_once");
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  try {
    const answer = await fetch(form.dataset.autosaveUrl, {
      method: "POST",
      body: data,
      headers: { "X-Autosave": "1", Accept: "application/json" },
      keepalive: leaving,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = answer.status === 204 ? {} : await answer.json();
    tell(form, told.saved ? word("saved", { time: told.saved }) : word("kept"));
  } catch {
    changed.add(form);
    tell(form, word("unsaved"));
  }
}

export const saveDrafts = () => Promise.all([...changed].map((form) => save(form, true)));

export function startDrafts() {
  const note = (event) => {
    const form = event.target.form;
    if (form?.dataset.autosaveUrl) changed.add(form);
  };
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", (event) => changed.delete(event.target));
  document.addEventListener("visibilitychange", () => document.hidden && saveDrafts());
  setInterval(() => [...changed].forEach((form) => save(form, false)), 20000);
}
