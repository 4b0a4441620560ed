// Somebody else was first: both values are shown and the officer chooses. What others change elsewhere is taken over
// where nothing was typed.

import { clean, dirty, element, focused, holds, labelOf, remember, say, typed } from "./cells.js";

let carryOn = () => {};

export const whenUsed = (then) => (carryOn = then);

const plain = (value) => value.toUpperCase().replace(",", ".").replace(/\s*\/.*$/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

export function conflict(cell, { version, typed: value, by, at, own: mine }) {
  const theirs = { version: Number(version), typed: value, by, at };
  const unanswered = cell.tried.some((each) => plain(each) === plain(value));
  cell.sent = null;
  if (mine !== undefined && unanswered && theirs.version === cell.version + 1) {
    // What I sent before was stored, only its answer was lost: the newer value goes over it.
    holds(cell, theirs.version, value);
    cell.tried = [];
    remember(cell);
    return say(cell, "edited");
  }
  cell.wants = null;
  cell.theirs = theirs;
  remember(cell);
  showConflict(cell);
}

function showConflict(cell) {
  const { theirs } = cell;
  const box = element("div", "conflict");
  cell.offered = typed(cell);
  const mine = cell.offered || "blank";
  const other = theirs.typed || "blank";
  const who = theirs.by ? `${theirs.by} set ${other} at ${theirs.at}` : `now ${other}`;
  const keep = element("button", "small quiet", `Keep ${other}`);
  const use = element("button", "small", `Use ${mine}`);
  keep.type = use.type = "button";
  keep.onclick = () => (cell.input.focus(), keepTheirs(cell));
  use.onclick = () => (cell.input.focus(), useMine(cell));
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Changed by another: ${labelOf(cell)}`);
  box.append(element("span", "", `⇄ Yours ${mine} · ${who} `), keep, use);
  say(cell, "conflict", box);
}

export function keepTheirs(cell) {
  const { theirs } = cell;
  clean(cell);
  holds(cell, theirs.version, theirs.typed);
  cell.input.value = theirs.typed;
  say(cell, "");
  caughtUp(cell);
}

function useMine(cell) {
  const { theirs } = cell;
  holds(cell, theirs.version, theirs.typed);
  Object.assign(cell, { theirs: null, tried: [] });
  carryOn(cell);
}

// Typed on in a cell that waits for a decision: it is still the officer who decides, unless it is theirs now.
export function reconsidered(cell) {
  if (cell.offered === typed(cell)) return; // leaving the cell for a button says nothing new, and the button stays
  if (typed(cell) === cell.theirs.typed) return keepTheirs(cell);
  cell.wants = null;
  remember(cell);
  showConflict(cell);
}

// --- a change of another officer

export function changedElsewhere(cell, news) {
  if (news.version <= cell.version || news.version <= (cell.news?.version ?? 0)) return;
  cell.news = news;
  if (cell.state === "conflict") {
    if (news.version <= cell.theirs.version) return;
    cell.theirs = news;
    return showConflict(cell);
  }
  if (!focused(cell)) return caughtUp(cell);
  if (["", "saved", "changed", "typing"].includes(cell.state)) {
    const words = `↻ now ${news.typed || "blank"}`;
    say(cell, cell.state === "typing" ? "typing" : "");
    cell.input.parentElement.querySelector(".mark")?.remove();
    cell.input.after(element("span", "mark newer", words));
  }
}

// Takes the news over where nothing was typed; what was typed meets it when it is saved.
export function caughtUp(cell, also = false) {
  const { news } = cell;
  const untouched = ["", "saved", "changed"].includes(cell.state) && cell.wants === null && !dirty(cell);
  if (!news || !untouched || (focused(cell) && !also)) return;
  holds(cell, news.version, news.typed);
  Object.assign(cell, { news: null, acked: null });
  cell.input.value = news.typed;
  say(cell, "changed");
}
