// Says which time zone this device keeps, and on a new account chooses it. Without script the list is enough.
const select = document.querySelector("[data-zone-select]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && zone) {
  const option = [...select.options].find((one) => one.value === zone);
  const fresh = select.value === "UTC" && !document.querySelector("[data-focus]");
  if (option && fresh && location.pathname.startsWith("/sign-up")) {
    select.value = zone;
  } else if (option && select.value !== zone) {
    const hint = document.createElement("button");
    hint.type = "button";
    hint.className = "linkbtn";
    hint.textContent = `Use this device’s zone: ${option.textContent}`;
    hint.addEventListener("click", () => {
      select.value = zone;
      hint.remove();
      select.focus();
    });
    select.after(hint);
  }
}
