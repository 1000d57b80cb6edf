// The script's texts in the reader's language; core/web/words.py says them.
const scriptWords = JSON.parse(document.querySelector('meta[name="eh-words"]')?.content || "{}");

export const locale = document.documentElement.lang === "es" ? "es" : "en-US";

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export const word = (key, values = {}) => filled(scriptWords[key] || "", values);
