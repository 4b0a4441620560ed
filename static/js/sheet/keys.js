// Moving about as in a spreadsheet. No single letter does anything but type. Tab goes from cell to cell; to the links of
// a row, its name first, lead the arrows.

import { body, cellLeft, cellOf, element, isCell, keyOf, labelOf } from "./cells.js";
import { commit, revert } from "./saving.js";
import { undoLast } from "./taking-back.js";

const INPUTS = ".cell input";
const all = () => [...body.querySelectorAll(INPUTS)];

function go(input, event) {
  if (!input) return;
  event.preventDefault();
  input.focus({ preventScroll: true }); // by itself it brings the cell to the middle, and the headings out of sight
  input.scrollIntoView({ block: "nearest", inline: "nearest" });
  input.select?.();
}

// What one may stand on in a row: its links and its cells, as they stand.
const stops = (row) => [...row.querySelectorAll(`a, ${INPUTS}`)];

// The first and the last cell let one out of the sheet, and a cell with a choice in it to its buttons.
function tab(from, event) {
  if (event.ctrlKey || event.metaKey) return;
  const place = from.closest("td");
  const buttons = [...place.querySelectorAll(".conflict button")];
  const last = buttons.at(-1) ?? place.querySelector("input");
  if (event.shiftKey ? !isCell(from) : from !== last) return;
  const inputs = all();
  go(inputs[inputs.indexOf(place.querySelector("input")) + (event.shiftKey ? -1 : 1)], event);
}

// On a name or another link of a row.
function onLink(link, event) {
  const row = link.closest("tr");
  const here = stops(row).indexOf(link);
  const [down, right] = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key] ?? [];
  if (down !== undefined) go(stops(body.rows[row.sectionRowIndex + down] ?? row)[here + right], event);
}

// The cell of the same exam so many rows further, past rows that are only read.
function down(input, step) {
  const exam = keyOf(input).split(".")[1];
  const rows = [...body.rows];
  for (let at = rows.indexOf(input.closest("tr")) + step; rows[at]; at += step) {
    const there = [...rows[at].querySelectorAll(INPUTS)].find((each) => keyOf(each).split(".")[1] === exam);
    if (there) return there;
  }
  return null;
}

function edge(input, atStart) {
  const { selectionStart: start, selectionEnd: end, value } = input;
  if (start === 0 && end === value.length) return true;
  return atStart ? start === 0 && end === 0 : start === value.length;
}

function asAbove(input, event) {
  event.preventDefault(); // no bookmark
  const above = down(input, -1);
  if (!above) return;
  input.value = above.value;
  commit(cellOf(input));
}

function takeBack(input, event) {
  const cell = cellOf(input);
  const still = input.value.trim() === cell.saved || input.value.trim() === cell.acked;
  if (!still || event.shiftKey) return; // what is being typed: the browser takes that back
  event.preventDefault();
  undoLast();
}

// To what stands about the cell: the choice in it, else the links above the sheet. Esc leads back.
function aside(input, event) {
  const there = input.parentElement.querySelector(".conflict button") ?? about.querySelector("a");
  if (!there) return;
  event.preventDefault();
  there.focus();
}

function key(event) {
  const input = event.target;
  if (event.key === "Tab" && input.closest(".cell")) return tab(input, event);
  if (!isCell(input) || event.isComposing) return inAside(event);
  const far = event.ctrlKey || event.metaKey;
  if (event.altKey) return event.key === "ArrowDown" && !far && aside(input, event);
  const row = [...input.closest("tr").querySelectorAll(INPUTS)];
  const along = stops(input.closest("tr"));
  const place = along.indexOf(input);
  const moves = {
    Enter: () => {
      commit(cellOf(input)); // in the last row the cell is not left, so it says nothing by itself
      go(down(input, event.shiftKey ? -1 : 1) ?? input, event);
    },
    ArrowDown: () => go(down(input, 1), event),
    ArrowUp: () => go(down(input, -1), event),
    ArrowLeft: () => edge(input, true) && go(along[place - 1], event),
    ArrowRight: () => edge(input, false) && go(along[place + 1], event),
    Home: () => go(far ? all()[0] : row[0], event),
    End: () => go(far ? all().at(-1) : row.at(-1), event),
    Escape: () => {
      event.preventDefault();
      revert(cellOf(input));
    },
  };
  const together = { d: asAbove, z: takeBack };
  if (far && together[event.key.toLowerCase()]) return together[event.key.toLowerCase()](input, event);
  return moves[event.key]?.();
}

function inAside(event) {
  if (event.target.matches?.("tbody a") && !event.altKey && !event.ctrlKey && !event.metaKey) return onLink(event.target, event);
  const conflict = event.target.closest?.(".conflict");
  if (event.key !== "Escape" || !(conflict || about.contains(event.target))) return;
  const back = conflict ? conflict.parentElement.querySelector("input") : cellLeft();
  go(back, event);
}

// --- the line about the cell that one is in

const about = document.getElementById("about") ?? element("p", "small");

function tellAbout(input) {
  const cell = cellOf(input);
  if (!cell || about.dataset.cell === cell.key) return;
  about.dataset.cell = cell.key;
  const link = (words, href) => {
    const made = element("a", "", words);
    made.href = href;
    return made;
  };
  about.replaceChildren(
    `${labelOf(cell)}: `,
    link("History of this cell", `/journal/score/${cell.enrollment}/${cell.exam}/`),
    " ",
    link("Standing", input.closest("tr").querySelector("th a")?.href ?? "#"),
    " ",
    ...code(cell, link),
    element("span", "muted", " Alt+↓ leads here, Esc back"),
  );
}

// A code set by hand is the rating until it is lifted; the scores go on being kept under it.
function code(cell, link) {
  const rating = document.getElementById(`g${cell.enrollment}`);
  const set = rating?.querySelector("[role=img]") ? rating.firstChild.textContent.trim() : "";
  const there = link(set ? `${set} set by hand` : "Set a code", `/verdicts/code/${cell.enrollment}/`);
  return set ? [there, element("span", "muted", " Scores are kept, and count once it is lifted.")] : [there];
}

export function listen() {
  about.id = "about";
  if (!about.isConnected) document.querySelector(".sheet-bar").after(about);
  body.addEventListener("keydown", key);
  about.addEventListener("keydown", inAside);
  body.addEventListener("focusin", (event) => isCell(event.target) && tellAbout(event.target));
}
