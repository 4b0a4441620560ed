// The grade sheet. An input is never replaced; a save is a save only when a reply names the cell and its new version;
// whatever is not known to be saved says so, and is kept in this browser until it is.

import { body, cellOf, dirty, element, fit, form, isCell, learn, say } from "./sheet/cells.js";
import { caughtUp } from "./sheet/conflicts.js";
import { listen } from "./sheet/keys.js";
import { follow } from "./sheet/others.js";
import { forget, own, watch } from "./sheet/outbox.js";
import { begin, commit, restore } from "./sheet/saving.js";

const YOUNG_MS = 10_000; // another tab may be about to save it

function typing(event) {
  if (!isCell(event.target)) return;
  const cell = cellOf(event.target);
  if (["", "saved", "changed"].includes(cell.state) && dirty(cell)) say(cell, "typing");
  else if (cell.state === "typing" && !dirty(cell)) say(cell, "");
  else fit(cell);
}

function left(event) {
  if (!isCell(event.target)) return;
  const cell = cellOf(event.target);
  if (cell.state === "draft") commit(cell);
  setTimeout(() => {
    if (cell.input === document.activeElement || cell.wants !== null || dirty(cell)) return;
    if (["", "saved"].includes(cell.state) && cell.input.value !== cell.saved) cell.input.value = cell.saved;
    cell.acked = null;
    if (cell.news) say(cell, "");
    caughtUp(cell);
  });
}

// Scores typed on another sheet that are not saved yet: where they are, to go there.
const elsewhere = element("p", "message");

function tellElsewhere() {
  const here = new Set([...body.querySelectorAll(".cell input")].map((input) => input.name.split(".", 2).join(".")));
  const others = own().filter(([key]) => !here.has(key)).map(([key, entry]) => ({ key, ...entry }));
  const old = others.filter((entry) => Date.now() - entry.at > YOUNG_MS);
  if (old.length < others.length) setTimeout(tellElsewhere, YOUNG_MS);
  const sheets = new Map();
  for (const entry of old) sheets.set(entry.address, [...(sheets.get(entry.address) ?? []), entry]);
  elsewhere.replaceChildren();
  for (const [address, entries] of sheets) {
    const link = element("a", "", entries[0].sheet || "its sheet");
    link.href = address;
    const many = entries.length === 1 ? "1 score is" : `${entries.length} scores are`;
    const which = `${entries.slice(0, 3).map((entry) => `${entry.label}: ${entry.typed || "blank"}`).join("; ")}${entries.length > 3 ? " …" : ""}`;
    elsewhere.append(`${many} not saved yet (${which}). Open `, link, " to save. ", discard(entries, which), " ");
  }
  if (sheets.size && !elsewhere.isConnected) document.querySelector(".sheet-bar").after(elsewhere);
  if (!sheets.size) elsewhere.remove();
}

// A cadet who was moved, a term that was closed: what can never be saved need not be told for ever.
function discard(entries, which) {
  const button = element("button", "small quiet", "Discard");
  button.type = "button";
  button.onclick = () => {
    if (!confirm(`Discard ${which}? ${entries.length === 1 ? "It was" : "They were"} not saved.`)) return;
    for (const { key } of entries) forget(key);
    tellElsewhere();
  };
  return button;
}

if (body?.querySelector(".cell input")) {
  learn();
  document.getElementById("save")?.remove();
  body.addEventListener("input", typing);
  body.addEventListener("change", (event) => isCell(event.target) && commit(cellOf(event.target)));
  body.addEventListener("focusin", (event) => isCell(event.target) && event.target.select());
  body.addEventListener("focusout", left);
  form.addEventListener("submit", (event) => event.preventDefault());
  listen();
  begin();
  for (const input of body.querySelectorAll(".cell input")) if (dirty(cellOf(input))) commit(cellOf(input));
  restore();
}
if (form) {
  follow();
  tellElsewhere();
  watch(tellElsewhere);
}
