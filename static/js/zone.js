// Says which time zone this device keeps, and on a new account chooses it. Without script the list is enough.
const select = document.querySelector("[data-zone-select]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && zone) {
  let option = [...select.options].find((one) => one.value === zone);
  if (!option) {
    // Not among the places most people name; the server knows it all the same.
    option = new Option(zone.split("/").pop().replaceAll("_", " "), zone);
    select.append(option);
  }
  const fresh = select.value === "UTC" && !document.querySelector("[data-focus]");
  if (fresh && location.pathname.startsWith("/sign-up")) {
    select.value = zone;
  } else if (select.value !== zone) {
    const hint = document.createElement("button");
    hint.type = "button";
    hint.className = "linkbtn";
    hint.textContent = (select.dataset.zoneHint || "{zone}").replace("{zone}", option.textContent);
    hint.addEventListener("click", () => {
      select.value = zone;
      hint.remove();
      select.focus();
    });
    select.after(hint);
  }
}
