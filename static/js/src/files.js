// Lists chosen files under the drop zone, warns early, lets one be taken off again. The server checks anyway.
const sizeText = (bytes) => {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.floor(bytes / 1000)} KB`;
  return `${(bytes / 1e6).toFixed(1).replace(".0", "")} MB`;
};

const listFor = (input) => (input.closest("[data-filedrop]") || input.form)?.querySelector("[data-file-list]");

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

function drawFiles(input) {
  const list = listFor(input);
  if (!list) return;
  const limit = Number(input.dataset.maxBytes || input.closest("[data-max-bytes]")?.dataset.maxBytes) || Infinity;
  list.hidden = !input.files.length;
  list.replaceChildren(...[...input.files].map((file, index) => {
    const kind = file.name.includes(".") ? file.name.split(".").pop().toUpperCase() : "File";
    const tooBig = file.size > limit;
    const state = !file.size ? "Empty: this file has nothing in it." : `Too large: up to ${sizeText(limit)} each.`;
    const row = node("li", `file${tooBig || !file.size ? " file-danger" : ""}`);
    const text = node("span", "");
    text.append(node("span", "fname", file.name), node("span", "meta", `${kind}, ${sizeText(file.size)}`));
    text.append(node("span", "state", tooBig || !file.size ? state : ""));
    const off = node("button", "btn btn-quiet btn-sm", "Remove");
    off.type = "button";
    off.setAttribute("aria-label", `Remove ${file.name}`);
    off.addEventListener("click", () => takeOff(input, index));
    row.append(node("span", "file-ic", "•"), text, off);
    return row;
  }));
}

function setStates(form, text) {
  for (const state of form.querySelectorAll("[data-file-list] .file:not(.file-danger) .state")) state.textContent = text;
}

export function startFiles() {
  document.addEventListener("change", (event) => event.target.matches?.("[data-files]") && drawFiles(event.target));
  document.addEventListener("submit", (event) => setStates(event.target, "Sending…"));
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total, lengthComputable } = event.detail;
    if (lengthComputable) setStates(event.target, `Sending, ${Math.floor((loaded / total) * 100)} %`);
  });
  for (const [kind, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(kind, (event) => event.target.closest?.(".drop")?.toggleAttribute("data-over", over));
  }
}
