import { saveDrafts } from "./draft.js";
import { word } from "./words.js";

// Asks for news while somebody looks: every 5 s, slowly backing off to 30 s. It only announces; the person pulls.
const FIRST = 5000;
const LAST = 30000;

export function announce(text) {
  const bar = document.querySelector("[data-poll-url]");
  if (!bar) return;
  bar.querySelector("[data-poll-text]").textContent = text;
  bar.querySelector("[data-poll-show]").hidden = false;
  bar.hidden = false;
}

function startPoll(bar) {
  let wait = FIRST;
  let timer = 0;
  let tag = "";
  let misses = 0;

  const ask = async () => {
    try {
      const headers = { Accept: "application/json", ...(tag && { "If-None-Match": tag }) };
      const answer = await fetch(bar.dataset.pollUrl, { headers });
      if (answer.status === 200) {
        reached();
        tag = answer.headers.get("ETag") || "";
        const told = await answer.json();
        announce(told.text || word(told.count === 1 ? "one" : "many", { n: told.count }));
        wait = FIRST;
      } else if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
        return; // signed out, or no longer ours to see
      } else if (answer.status >= 500) {
        throw new Error(String(answer.status));
      } else {
        reached();
      }
    } catch {
      // One lost question is no lost connection; it may only have been asked too early.
      misses += 1;
      if (misses === 2) connection(word("lost"));
    }
    next();
  };
  const connection = (text) => {
    const line = bar.querySelector("[data-poll-connection]");
    line.textContent = text;
    line.hidden = !text;
    bar.toggleAttribute("data-connection", Boolean(text));
    bar.hidden = !text && !bar.querySelector("[data-poll-text]").textContent;
  };
  const reached = () => {
    if (misses > 1) {
      connection(word("back"));
      setTimeout(() => connection(""), 5000);
    }
    misses = 0;
  };
  const next = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    timer = setTimeout(ask, wait);
    wait = Math.min(LAST, wait * 1.15);
  };
  // Somebody is there again: be quick again.
  const awake = () => {
    if (wait > FIRST * 1.5) {
      wait = FIRST;
      next();
    }
  };
  document.addEventListener("visibilitychange", () => {
    wait = FIRST;
    next();
  });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, awake, { passive: true });
  bar.querySelector("[data-poll-show]").addEventListener("click", (event) => {
    const target = bar.dataset.pollTarget;
    event.preventDefault();
    if (!target || !window.htmx) {
      // A plain link to this page: it loads again, as soon as what is typed is safe on the server.
      const { href } = event.currentTarget;
      saveDrafts().finally(() => location.assign(href));
      return;
    }
    bar.hidden = true;
    bar.querySelector("[data-poll-text]").textContent = "";
    window.htmx.ajax("GET", location.href, { target, select: target, swap: "outerHTML" });
  });
  next();
}

export function startPolls() {
  const bar = document.querySelector("[data-poll-url]");
  if (!bar) return;
  bar.querySelector("[data-poll-show]").href = location.pathname + location.search;
  startPoll(bar);
}
