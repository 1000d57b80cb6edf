import { filled, locale, word } from "./words.js";

// The two money inputs are the truth; the slider and the bar follow them and help to fill them.
const figures = (digits, more) =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always", ...more });

const plain = (minor, digits) => figures(digits).format(minor / 10 ** digits);

// A decimal comma becomes a point; what could be meant two ways is left for the server to ask about.
function point(text) {
  if (locale !== "es") return text;
  if (/^\d{1,3}(\.\d{3})+(,\d*)?$/.test(text)) return text.replace(/\./g, "").replace(",", ".");
  return /^\d+,(\d{0,2}|\d{4,})$/.test(text) ? text.replace(",", ".") : text;
}

export function readMinor(text, digits) {
  const bare = point(text.replace(/[\s$€£]|US/g, "")).replace(/,/g, "");
  if (!/^\d+(\.\d*)?$/.test(bare)) return null;
  const [whole, part = ""] = bare.split(".");
  if (part.replace(/0+$/, "").length > digits) return null;
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, "0").slice(0, digits) || 0);
}

// Half-even, as the ledger rounds the fee; percent may have decimals.
export function feeMinor(minor, percent) {
  const exact = (minor * Math.round(percent * 1000)) / 100000;
  const low = Math.floor(exact);
  const rest = exact - low;
  if (Math.abs(rest - 0.5) < 1e-9) return low % 2 ? low + 1 : low;
  return rest > 0.5 ? low + 1 : low;
}

function startOffer(box) {
  const { total: all, digits: places, currency, fee, side, best } = box.dataset;
  const total = Number(all);
  const digits = Number(places);
  const part = (name) => box.querySelector(`[data-offer-${name}]`);
  const range = part("range");
  const money = (minor) => figures(digits, { style: "currency", currency }).format(minor / 10 ** digits);

  const draw = (minor) => {
    const share = `${(minor / total) * 100}%`;
    part("bar").setAttribute("width", share);
    part("gap").setAttribute("x", share);
    range.value = minor;
    range.setAttribute("aria-valuetext", word("share", { first: money(minor), second: money(total - minor) }));
    if (fee && part("net")) {
      const net = minor - feeMinor(minor, Number(fee));
      part("net").textContent = filled(part("net").dataset.offerNet, { amount: money(net) });
    }
    const mine = side === "freelancer" ? minor : total - minor;
    if (part("worse")) part("worse").hidden = !best || mine >= Number(best);
  };
  const fill = (input, other) => {
    const minor = readMinor(input.value, digits);
    if (minor === null || minor > total) return;
    other.value = plain(total - minor, digits);
    draw(input === part("f") ? minor : total - minor);
  };

  range.hidden = false;
  part("f").addEventListener("input", () => fill(part("f"), part("c")));
  part("c").addEventListener("input", () => fill(part("c"), part("f")));
  range.addEventListener("input", () => {
    const minor = Number(range.value);
    part("f").value = plain(minor, digits);
    part("c").value = plain(total - minor, digits);
    draw(minor);
  });
  const first = readMinor(part("f").value, digits);
  if (first !== null && first <= total) draw(first);
}

export function startOffers(root) {
  for (const box of root.querySelectorAll("[data-offer]:not([data-ready])")) {
    box.dataset.ready = "";
    startOffer(box);
  }
}
