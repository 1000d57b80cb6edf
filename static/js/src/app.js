// Everything here helps; nothing here is needed: each page works without it.
import { startCountdowns } from "./countdown.js";
import { showDismiss, startDialogs, startMobileBar } from "./dialogs.js";
import { startDrafts } from "./draft.js";
import { startFiles } from "./files.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startPolls } from "./poll.js";
import { startOffers } from "./slider.js";
import { startTheme } from "./theme.js";

startForms();
startFiles();
startDrafts();
startDialogs();
startMobileBar();
startKeys();
startTheme();
startPolls();
startCountdowns();
startOffers(document);
showDismiss(document);

// What htmx brings in gets the same help.
document.addEventListener("htmx:load", (event) => {
  startOffers(event.detail.elt);
  showDismiss(event.detail.elt);
});
