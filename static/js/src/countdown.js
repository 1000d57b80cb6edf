// Lets <time data-countdown> tick: each minute, each second in the last hour. Never in a live region.
import { leftText, pageNow } from "./time.js";
import { announce } from "./poll.js";
import { word } from "./words.js";

const ended = new WeakSet();

function drawCountdowns() {
  const at = pageNow();
  let wait = 60000;
  for (const node of document.querySelectorAll("time[data-countdown]")) {
    const due = Date.parse(node.dateTime);
    const compact = node.dataset.countdown === "compact";
    const text = leftText(due, at, compact);
    if (node.textContent !== text) node.textContent = text;
    if (due > at) {
      node.dataset.running = "";
      if (!compact && due - at < 3600000) wait = 1000;
      wait = Math.min(wait, Math.max(250, due - at));
    } else if ("running" in node.dataset && !ended.has(node)) {
      ended.add(node);
      announce(word("ended"));
    }
  }
  return wait;
}

export function startCountdowns() {
  const tick = () => setTimeout(tick, drawCountdowns());
  tick();
  document.addEventListener("visibilitychange", () => document.hidden || drawCountdowns());
}
