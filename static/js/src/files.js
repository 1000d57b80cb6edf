import { word } from "./words.js";

// Lists chosen files under the drop zone, warns early, lets one be taken off again, gives each its own fields where
// the form has some, and says how far each has come while they travel. The server checks anyway.
const sizeText = (bytes) => {
  if (bytes < 1000) return word("bytes", { n: bytes });
  if (bytes < 1e6) return `${Math.floor(bytes / 1000)} KB`;
  return `${(bytes / 1e6).toFixed(1).replace(".0", "")} MB`;
};

const listFor = (input) => (input.closest("[data-filedrop]") || input.form)?.querySelector("[data-file-list]");
const marked = (file) => `${file.name}|${file.size}|${file.lastModified}`;

function node(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text) made.textContent = text;
  return made;
}

function takeOff(input, index) {
  const rest = new DataTransfer();
  [...input.files].forEach((file, at) => at === index || rest.items.add(file));
  input.files = rest.files;
  drawFiles(input);
  input.focus();
}

// What is typed about a file stays with it when another one is taken off.
const typedIn = (list) =>
  new Map([...list.children].map((row) => [row.dataset.mark, [...row.querySelectorAll("[name]")].map((one) => one.value)]));

function ownFields(form, index, typed) {
  const fields = form.querySelector("template[data-file-fields]").content.cloneNode(true);
  for (const one of fields.querySelectorAll("[id],[for],[name]")) {
    for (const name of ["id", "for", "name"]) {
      if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replace("__n__", index));
    }
  }
  fields.querySelectorAll("[name]").forEach((one, at) => typed && (one.value = typed[at]));
  return fields;
}

function drawFiles(input) {
  const list = listFor(input);
  if (!list) return;
  const form = input.form;
  const several = form?.querySelector("template[data-file-fields]");
  const typed = typedIn(list);
  const limit = Number(input.dataset.maxBytes || input.closest("[data-max-bytes]")?.dataset.maxBytes) || Infinity;
  list.hidden = !input.files.length;
  list.replaceChildren(...[...input.files].map((file, index) => {
    const kind = file.name.includes(".") ? file.name.split(".").pop().toUpperCase() : word("file");
    const bad = !file.size || file.size > limit;
    const row = node("li", `file${bad ? " file-danger" : ""}`);
    row.dataset.mark = marked(file);
    row.dataset.size = file.size;
    const text = node("span", "");
    text.append(node("span", "fname", file.name), node("span", "meta", `${kind}, ${sizeText(file.size)}`));
    text.append(node("span", "state", bad ? word(file.size ? "large" : "empty", { size: sizeText(limit) }) : ""));
    const off = node("button", "btn btn-quiet btn-sm", word("remove"));
    off.type = "button";
    off.setAttribute("aria-label", word("remove_file", { name: file.name }));
    off.addEventListener("click", () => takeOff(input, index));
    row.append(node("span", "file-ic", "•"), text, off);
    if (several) row.append(ownFields(form, index, typed.get(row.dataset.mark)));
    return row;
  }));
  const shared = form?.querySelector("[data-shared]");
  if (several && shared) shared.hidden = input.files.length > 0;
}

const rowsOf = (form) => [...form.querySelectorAll("[data-file-list] .file")];

function progress(form, loaded, total) {
  const bar = form.querySelector("[data-upload]");
  const percent = Math.floor((loaded / total) * 100);
  if (bar) {
    bar.hidden = false;
    bar.value = percent;
  }
  // The files travel one after the other, in the order of the list.
  let rest = loaded;
  for (const row of rowsOf(form)) {
    const size = Number(row.dataset.size) || 1;
    const part = Math.max(0, Math.min(1, rest / size));
    rest -= size;
    row.querySelector(".state").textContent = word("percent", { n: Math.floor(part * 100) });
  }
}

export function startFiles() {
  document.addEventListener("change", (event) => event.target.matches?.("[data-files]") && drawFiles(event.target));
  document.addEventListener("submit", (event) => {
    for (const row of rowsOf(event.target)) {
      if (!row.matches(".file-danger")) row.querySelector(".state").textContent = word("sending");
    }
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total, lengthComputable } = event.detail;
    if (lengthComputable && total) progress(event.target, loaded, total);
  });
  for (const kind of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(kind, (event) => {
      const bar = event.target.querySelector?.("[data-upload]");
      if (!bar) return;
      bar.hidden = true;
      for (const row of rowsOf(event.target)) row.querySelector(".state").textContent = word("lost");
    });
  }
  for (const [kind, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(kind, (event) => event.target.closest?.(".drop")?.toggleAttribute("data-over", over));
  }
}
