// The cells of the sheet: what each holds, what it says of itself, and the bar that is derived from all of them.
//
// version, saved   what the server is known to hold, and what the text in the input was typed over
// wants            what is to be stored, once it is committed; null when there is nothing
// sent, tried      what is under way; what was sent over this version without an answer
// news             a newer state by another officer, not yet taken over

import { forget, keep } from "./outbox.js";

export const form = document.getElementById("sheet");
export const body = form?.querySelector("tbody");
export const cells = new Map(); // "enrollment.exam" → cell

export function learn() {
  for (const input of body.querySelectorAll(".cell input[name]")) {
    const [enrollment, exam, rest] = input.name.split(".", 3);
    const version = Number(rest.split(":")[0]);
    const saved = input.name.slice(input.name.indexOf(":") + 1);
    const key = `${enrollment}.${exam}`;
    cells.set(key, { input, key, enrollment, exam, version, saved, state: "", wants: null, sent: null, tried: [], news: null });
  }
}

export const keyOf = (input) => input.name.split(".", 2).join(".");
export const cellOf = (input) => cells.get(keyOf(input));
export const isCell = (target) => Boolean(target?.matches?.(".cell input"));
export const typed = (cell) => cell.input.value.trim();
export const focused = (cell) => cell.input === document.activeElement;
// After "87,5" was saved as 87.5 the text stays as typed while the officer is in the cell.
export const dirty = (cell) => typed(cell) !== cell.saved && typed(cell) !== cell.acked;
export const inState = (...states) => [...cells.values()].filter((cell) => states.includes(cell.state));

const text = (id) => document.getElementById(id)?.firstChild?.textContent.trim() ?? "";

export function labelOf(cell) {
  const [exam, name] = cell.input.getAttribute("aria-labelledby").split(" ");
  return `${text(exam)}, ${text(name)}`;
}

export function remember(cell, more = {}) {
  keep(cell.key, {
    typed: cell.wants ?? typed(cell),
    version: cell.version,
    shown: cell.saved,
    tried: [...new Set([...cell.tried, ...(cell.sent === null ? [] : [cell.sent])])],
    at: Date.now(),
    label: labelOf(cell),
    sheet: document.querySelector(".lead")?.firstChild?.textContent.trim() ?? "",
    address: location.pathname + form.getAttribute("action"),
    ...more,
  });
}

// The cell holds this from now on. An officer who is in it keeps the text as it was typed.
export function holds(cell, version, value) {
  cell.version = version;
  cell.saved = value;
  cell.input.name = `${cell.key}.${version}:${value}`;
  cell.input.defaultValue = value;
  if (cell.news && cell.news.version <= version) cell.news = null;
}

export function clean(cell) {
  Object.assign(cell, { wants: null, sent: null, tried: [], refused: null, theirs: null });
  forget(cell.key);
}

// --- what a cell says of itself: a glyph and a word, or a sentence below it

const WORDS = {
  typing: "✎ edited",
  draft: "✎ not sent",
  edited: "✎ edited",
  saving: "… saving",
  saved: "✓ saved",
  changed: "↻ changed",
  failed: "! not saved, will retry",
};
const ruler = document.createElement("canvas").getContext("2d");
const BETWEEN_PX = 8;
const STAYS_MS = { saved: 2500, changed: 3000 };
const TROUBLE = ["failed", "refused", "conflict", "locked", "draft"];

export function say(cell, state, ...nodes) {
  const place = cell.input.parentElement;
  cell.state = state;
  place.dataset.state = state;
  for (const old of place.querySelectorAll(".mark, .why, .conflict")) old.remove();
  if (WORDS[state]) nodes.unshift(marked(...WORDS[state].split(/ (.*)/)));
  place.append(...nodes);
  fit(cell);
  const why = nodes.find((node) => node.matches(".why, .conflict"));
  describe(cell, why);
  if (why && isCell(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest", inline: "nearest" }); // its row grew
  place.classList.toggle("fresh", state === "changed");
  clearTimeout(cell.fading);
  if (STAYS_MS[state]) cell.fading = setTimeout(() => cell.state === state && say(cell, ""), STAYS_MS[state]);
  tell();
}

// How wide a cell is and how large its words are is the same in all of them, until the window is another. Asked at each
// key, it would have the whole table laid out before the browser does so itself.
let size = null;
addEventListener("resize", () => (size = null));

function sizes(input, mark) {
  const font = (node) => `${getComputedStyle(node).fontSize} ${getComputedStyle(node).fontFamily}`;
  return (size ??= { free: input.clientWidth - 2 * BETWEEN_PX, input: font(input), mark: font(mark) });
}

function wide(words, font) {
  ruler.font = font;
  return ruler.measureText(words).width;
}

function marked(glyph, word) {
  const mark = element("span", "mark", glyph);
  mark.append(element("span", "word", ` ${word}`));
  return mark;
}

// The mark stands beside what was typed, without its word where that would touch it, and below where even the glyph would.
export function fit(cell) {
  const mark = cell.input.parentElement.querySelector(".mark:not(.newer)");
  if (!mark || cell.state === "failed") return;
  const fonts = sizes(cell.input, mark);
  const free = fonts.free - wide(cell.input.value, fonts.input);
  const [glyph] = mark.textContent;
  mark.classList.toggle("tight", wide(mark.textContent, fonts.mark) > free && wide(glyph, fonts.mark) <= free);
  mark.classList.toggle("below", wide(glyph, fonts.mark) > free);
}

function describe(cell, why) {
  cell.input.toggleAttribute("aria-invalid", Boolean(why));
  if (why) {
    cell.input.setAttribute("aria-invalid", "true");
    why.id = `w${cell.key}`;
    cell.input.setAttribute("aria-describedby", why.id);
  } else cell.input.removeAttribute("aria-describedby");
}

export function element(tag, name, words = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

// --- the bar: seen at once, spoken when it is quiet

const bar = document.getElementById("state");
const spoken = element("p", "visually-hidden");
const said = element("p", "small");
export const retry = element("button", "small quiet", "Retry");
const line = bar?.parentElement;
const atFirst = bar?.textContent; // what the bar says before anything was saved, and again once nothing waits
let lastSaved = "";
let signedOut = false;
let telling, speaking;

if (bar) {
  retry.type = "button";
  retry.hidden = true;
  said.id = "said";
  spoken.setAttribute("role", "status");
  bar.removeAttribute("role");
  bar.after(retry, said);
  line.append(spoken);
}

export function savedNow() {
  lastSaved = new Date().toLocaleTimeString("en-GB");
}

export function setSignedOut(value) {
  signedOut = value;
  tell();
}

export function tell() {
  clearTimeout(telling);
  telling = setTimeout(show, 50);
}

function show() {
  const waiting = inState("edited", "saving").length;
  const trouble = inState(...TROUBLE).length;
  const parts = [];
  if (signedOut) parts.push("Signed out");
  if (waiting) parts.push(`${waiting} saving`);
  if (trouble) parts.push(`${trouble} not saved`);
  const words = parts.join(", ") || (lastSaved ? `All saved ${lastSaved}` : atFirst);
  if (bar.textContent !== words) bar.textContent = words;
  bar.dataset.trouble = trouble > 0 || signedOut;
  const conflicts = inState("conflict").length;
  const offer = signedOut || trouble > conflicts;
  if (!offer && document.activeElement === retry) (lastCell ?? body.querySelector(".cell input"))?.focus();
  retry.hidden = !offer;
  retry.textContent = signedOut ? "Sign in" : "Retry";
  speak(words);
}

let lastCell;
body?.addEventListener("focusin", (event) => isCell(event.target) && (lastCell = event.target));
export const cellLeft = () => lastCell;

function speak(words) {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const why = inState("conflict", "refused", "locked").map((cell) => cell.input.parentElement.querySelector(".why, .conflict > span"));
    const all = [`${words}.`, ...why.slice(0, 3).map((node) => node?.textContent ?? "")].join(" ");
    if (spoken.textContent !== all) spoken.textContent = all;
  }, 1200);
}

let fading;
export function note(words) {
  said.textContent = words;
  spoken.textContent = words;
  clearTimeout(fading);
  fading = setTimeout(() => (said.textContent = ""), 8000);
}
