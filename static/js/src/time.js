import { word } from "./words.js";

// The page's clock: the server's instant (moved by the test clock in the sandbox), carried on by ours.
const shownAt = Date.parse(document.documentElement.dataset.now || "");
const ahead = Number.isNaN(shownAt) ? 0 : shownAt - Date.now();

export const pageNow = () => Date.now() + ahead;

// The same rules as core/formatting.py format_span: rounded down, two units at most.
export function spanText(seconds, compact) {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86400);
  const hours = Math.floor((whole % 86400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const minute = compact ? "m" : "min";
  if (days) {
    const text = compact ? `${days} d` : word(days === 1 ? "day" : "days", { n: days });
    return hours ? `${text} ${hours} h` : text;
  }
  if (hours) return minutes ? `${hours} h ${String(minutes).padStart(2, "0")} ${minute}` : `${hours} h`;
  if (minutes) return `${minutes} ${minute}`;
  return compact ? "< 1 m" : word("under");
}

// As time_left there; in the last hour of a long form the seconds show too.
export function leftText(dueMs, nowMs, compact) {
  const seconds = (dueMs - nowMs) / 1000;
  if (seconds > 0) {
    if (compact || seconds >= 3600) return spanText(seconds, compact);
    const rest = Math.floor(seconds);
    const minutes = Math.floor(rest / 60);
    return `${minutes ? `${minutes} min ` : ""}${String(rest % 60).padStart(minutes ? 2 : 1, "0")} s`;
  }
  if (compact) return word("over", { span: spanText(-seconds, true) });
  return -seconds < 60 ? word("now") : word("ago", { span: spanText(-seconds) });
}
