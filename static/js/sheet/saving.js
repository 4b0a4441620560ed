// Saving: a few requests at once, one for a cell at a time, several cells in one when they queue up. A cell is saved
// only when a reply names it with its new version; whatever else comes back, it is not.

import { cells, clean, dirty, element, focused, form, holds, inState, remember, retry, say, savedNow, typed } from "./cells.js";
import { caughtUp, conflict, keepTheirs, reconsidered, whenUsed } from "./conflicts.js";
import { figures, order, parsed, saw } from "./figures.js";
import { own, forget, keepsSafe } from "./outbox.js";
import { askOnce, csrf, isLeaving, isOut, open, signedOut, whenIn, whoIsIn } from "./sign-in.js";

const ADDRESS = form?.dataset.changes.replace("/changes/", "/cells/");
const AT_ONCE = 3;
const A_BATCH = 10;
const PATIENCE_MS = 30_000;
const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const ANSWERS = [200, 207, 403, 404, 409, 422];

let flying = 0;
let pause = FIRST_MS;
let timer = null;
let healing = null;

// The officer is done with the text of this cell.
export function commit(cell) {
  const now = typed(cell);
  if (cell.state === "conflict") return reconsidered(cell);
  if (["refused", "locked"].includes(cell.state) && now === cell.refused) return;
  if (cell.sent !== null) return now !== (cell.wants ?? cell.sent) && wish(cell, now); // goes after the one under way
  if (!dirty(cell) && !cell.tried.length) return leave(cell);
  wish(cell, now);
  say(cell, "edited");
  pump();
}

function wish(cell, now) {
  cell.wants = now;
  remember(cell);
}

// Back to what the server holds.
function leave(cell) {
  if (cell.state && cell.state !== "saved" && cell.state !== "changed") say(cell, "");
  clean(cell);
  caughtUp(cell);
}

export function revert(cell) {
  if (cell.state === "conflict") return keepTheirs(cell);
  cell.input.value = cell.wants !== null && cell.sent !== null ? cell.wants : cell.saved;
  if (cell.sent === null) leave(cell);
}

export function pump() {
  if (healing || isLeaving()) return;
  const waiting = inState("edited");
  if (isOut()) {
    waiting.forEach(failed);
    if (waiting.length) askOnce();
    return;
  }
  while (waiting.length && flying < AT_ONCE) {
    const size = Math.min(A_BATCH, Math.ceil(waiting.length / (AT_ONCE - flying)));
    send(waiting.splice(0, size));
  }
}

async function send(batch) {
  flying += 1;
  const at = order();
  const message = new URLSearchParams({ reader: document.body.dataset.reader });
  for (const cell of batch) {
    cell.sent = cell.wants;
    message.set(`${cell.key}.${cell.version}:${cell.saved}`, cell.sent);
    say(cell, "saving");
  }
  const [reply, page] = await post(ADDRESS, message);
  flying -= 1;
  answered(batch, reply, page, at);
  pump();
}

export async function post(address, message) {
  try {
    const reply = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": csrf(), "HX-Request": "true" },
      body: message,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return [reply, parsed(await reply.text())];
  } catch {
    return [null, parsed("")];
  }
}

function answered(batch, reply, page, at) {
  const named = new Map();
  if (ANSWERS.includes(reply?.status)) {
    for (const each of page.querySelectorAll("data[data-status]")) named.set(each.value, each);
  }
  const lost = batch.filter((cell) => !(named.has(cell.key) && became(cell, named.get(cell.key))));
  figures(page, at);
  if (lost.length < batch.length) {
    reached();
    again(["failed"]); // whatever waited goes now
  }
  if (lost.length) unnamed(lost, reply, page);
}

// What a reply says of one cell that it names; false when it says nothing that can be.
function became(cell, data) {
  const { status, version } = data.dataset;
  const sentence = data.textContent.trim();
  if (status === "200" && Number(version) >= cell.version) saved(cell, Number(version), data.dataset.typed);
  else if (status === "409" && version !== undefined) conflict(cell, data.dataset);
  else if (status === "422") refused(cell, "refused", sentence);
  else if (status === "403" || status === "404") refused(cell, "locked", sentence);
  else return false;
  return true;
}

function unnamed(lost, reply, page) {
  if (reply?.type === "opaqueredirect" || reply?.status === 401) {
    lost.forEach(failed);
    signedOut();
    askOnce();
  } else if (reply?.status === 403 && lost.some((cell) => !cell.healed)) heal(lost);
  else if (reply?.status === 403) {
    for (const cell of lost) refused(cell, "locked", "You may not change this. Not saved.");
  } else if (reply?.status === 422 && page.textContent.trim()) {
    for (const cell of lost) refused(cell, "refused", page.textContent.trim());
  } else {
    lost.forEach(failed);
    later();
  }
}

// A 403 that names no cell: signed in again in another tab, or as somebody else. Asked once.
function heal(lost) {
  for (const cell of lost) {
    cell.healed = true;
    failed(cell);
  }
  healing = whoIsIn().then((who) => {
    healing = null;
    if (who === "in") again(["failed"]);
    else if (who === "unknown") later();
    else if (who === "out") {
      signedOut();
      askOnce();
      pump(); // what was typed meanwhile is not saved either
    }
  });
}

function saved(cell, version, value) {
  const { sent } = cell;
  holds(cell, version, value);
  saw(cell.key, version);
  savedNow();
  form.dispatchEvent(new Event("scores-saved"));
  Object.assign(cell, { sent: null, tried: [], refused: null, healed: false });
  if (cell.wants !== sent) {
    remember(cell);
    return say(cell, "edited"); // a newer value was committed while the save was under way
  }
  clean(cell);
  if (typed(cell) !== sent && typed(cell) !== value) return say(cell, "typing");
  if (focused(cell)) cell.acked = sent;
  else cell.input.value = value;
  say(cell, "saved");
  caughtUp(cell);
}

function failed(cell) {
  if (cell.sent !== null && !cell.tried.includes(cell.sent)) cell.tried.push(cell.sent);
  cell.sent = null;
  say(cell, "failed");
  remember(cell);
}

function refused(cell, state, why) {
  const { sent } = cell;
  cell.sent = null;
  if (cell.wants !== sent) return say(cell, "edited");
  Object.assign(cell, { wants: null, refused: sent });
  say(cell, state, element("p", "why", `${state === "locked" ? "⊘" : "✕"} ${why || "Not saved."}`));
}

// --- again, later and later, and at once when the line is back

// What fails meanwhile goes with the next try and puts it off no further.
function later() {
  if (timer) return;
  timer = setTimeout(tried, pause * (0.8 + Math.random() * 0.4));
  pause = Math.min(pause * 2, LONGEST_MS);
}

function tried() {
  timer = null;
  again(["failed"]);
}

// The server is there.
function reached() {
  clearTimeout(timer);
  timer = null;
  pause = FIRST_MS;
}

function again(states) {
  const waiting = inState(...states);
  for (const cell of waiting) {
    cell.wants ??= typed(cell);
    say(cell, "edited");
  }
  if (waiting.length) pump();
}

function allAgain() {
  if (isOut()) return open();
  for (const cell of cells.values()) cell.healed = false;
  again(["failed", "refused", "locked", "draft"]);
}

// --- what was left unsaved before, in this tab or in another

export function restore() {
  const elsewhere = [];
  for (const [key, entry] of own()) {
    const cell = cells.get(key);
    if (cell) restoreInto(cell, entry);
    else elsewhere.push(entry);
  }
  pump();
  return elsewhere;
}

function restoreInto(cell, entry) {
  if (entry.typed === cell.saved && !entry.tried?.length) return forget(cell.key);
  if (entry.version !== cell.version) {
    const now = { version: cell.version, typed: cell.saved };
    holds(cell, entry.version, entry.shown);
    cell.news = now;
  }
  cell.input.value = entry.typed;
  cell.tried = entry.tried ?? [];
  if (!entry.draft) cell.wants = entry.typed;
  say(cell, entry.draft ? "draft" : "edited");
}

// --- what begins and ends with the page

export function begin() {
  whenUsed((cell) => {
    wish(cell, typed(cell));
    say(cell, "edited");
    pump();
  });
  whenIn(() => {
    for (const cell of cells.values()) cell.healed = false;
    again(["failed"]);
  });
  retry.addEventListener("click", allAgain);
  addEventListener("online", () => again(["failed"]));
  const drafts = () => inState("typing").forEach((cell) => remember(cell, { draft: true }));
  addEventListener("pagehide", drafts);
  document.addEventListener("visibilitychange", () => document.hidden && drafts());
  addEventListener("beforeunload", (event) => {
    const open = inState("edited", "saving", "failed");
    if (!isLeaving() && (open.length || (!keepsSafe() && inState("refused", "conflict", "typing", "draft").length))) event.preventDefault();
  });
}
