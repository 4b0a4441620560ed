// Ctrl+Z: taking back the last change of mine that is stored.

import { cells, form, inState, note, savedNow } from "./cells.js";
import { caughtUp } from "./conflicts.js";
import { figures, order, saw } from "./figures.js";
import { post } from "./saving.js";
import { askOnce, signedOut } from "./sign-in.js";

let takingBack = Promise.resolve();

// Asked again before the answer is here: one after the other, each takes back what is then the last.
export function undoLast() {
  takingBack = takingBack.then(takeBackLast);
}

async function takeBackLast() {
  if (inState("edited", "saving", "failed").length) return note("Not everything is saved yet. Press Ctrl+Z again when it is.");
  const at = order();
  const query = form.getAttribute("action");
  const [reply, page] = await post(`/changes/undo-last/${query}`, new URLSearchParams({ reader: document.body.dataset.reader }));
  const go = reply?.headers.get("HX-Redirect");
  const data = page.querySelector("data[data-status]");
  if (go) return location.assign(go);
  if (reply?.type === "opaqueredirect" || reply?.status === 401) {
    signedOut();
    return askOnce();
  }
  if (reply?.status !== 200 || !data) return note(reply?.status === 422 ? page.textContent.trim() : "Nothing was taken back: no answer. Try again.");
  const cell = cells.get(data.value);
  if (cell) {
    saw(cell.key, data.dataset.version);
    cell.news = { version: Number(data.dataset.version), typed: data.dataset.typed };
    caughtUp(cell, true);
  }
  figures(page, at);
  savedNow();
  form.dispatchEvent(new Event("scores-saved"));
  note(data.textContent.trim() || "Taken back.");
}
