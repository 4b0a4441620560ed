// What others change while the sheet is open, and who they are. A nudge says only that there is something: the page
// asks, at most once a second, and every fifteen seconds while it is in front: so it stays among those who are here. Who
// types alone is nudged mostly about their own cells, which the replies have told: such a page asks every five seconds.

import { cells, element, form } from "./cells.js";
import { changedElsewhere } from "./conflicts.js";
import { figures, known, order, parsed, saw } from "./figures.js";
import { back, isLeaving, isOut, signedOut, whoIsIn } from "./sign-in.js";

const AT_MOST_MS = 1000;
const ALONE_MS = 5000;
const BEAT_MS = 15_000;

let stamp = form?.dataset.stamp;
let last = -AT_MOST_MS;
let asking = false;
let waiting = null;
let whole = false;
let typed = -ALONE_MS;
let recount = false;

function soon() {
  if (waiting) return;
  waiting = setTimeout(ask, Math.max(0, last + AT_MOST_MS - performance.now()));
}

function changed() {
  const alone = present.textContent === "" && performance.now() - typed < ALONE_MS;
  if (!alone) return soon();
  waiting ??= setTimeout(ask, Math.max(0, last + ALONE_MS - performance.now()));
}

// Somebody came or went: what waits because one was alone waits no longer.
function arrived() {
  clearTimeout(waiting);
  waiting = null;
  soon();
}

async function ask() {
  waiting = null;
  if (asking) return soon();
  if (document.hidden || isLeaving()) return;
  if (isOut()) return back();
  asking = true;
  last = performance.now();
  try {
    await refetch();
  } catch {
    // no connection: the next beat asks again
  }
  asking = false;
}

async function refetch() {
  const asked = new URLSearchParams({ since: stamp, known: known(), reader: document.body.dataset.reader });
  if (whole) asked.set("all", "1");
  if (recount) asked.set("counts", "1");
  whole = recount = false;
  const at = order();
  const reply = await fetch(`${form.dataset.changes}&${asked}`, { redirect: "manual", signal: AbortSignal.timeout(15_000) });
  if (reply.type === "opaqueredirect" || reply.status === 401) return signedOut();
  if (reply.status === 403) return whoIsIn();
  if (reply.status !== 200) return;
  const page = parsed(await reply.text());
  const answer = page.querySelector("output[data-stamp]");
  if (!answer) return;
  stamp = answer.dataset.stamp;
  figures(page, at);
  for (const each of page.querySelectorAll("data[data-version]")) news(each);
  tellPresent(answer.dataset.present);
}

function news(data) {
  saw(data.value, data.dataset.version);
  const cell = cells.get(data.value);
  const { version, typed, by, at } = data.dataset;
  if (cell) changedElsewhere(cell, { version: Number(version), typed, by, at });
}

const present = document.getElementById("present") ?? element("p", "small muted");

function tellPresent(names = "") {
  const words = names ? `Also here: ${names}` : "";
  if (present.textContent !== words) present.textContent = words;
}

function beat() {
  whole = true;
  soon();
}

// What oneself saved stands on the chips as well.
function ownSaved() {
  recount = true;
  setTimeout(() => recount && changed(), AT_MOST_MS);
}

export function follow() {
  present.id = "present";
  if (!present.isConnected) document.querySelector(".sheet-bar").append(present);
  document.body.addEventListener("standings-changed", changed);
  document.body.addEventListener("presence-changed", arrived);
  form.addEventListener("input", () => (typed = performance.now()));
  form.addEventListener("scores-saved", ownSaved);
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  addEventListener("focus", beat);
  setInterval(() => document.hidden || beat(), BEAT_MS);
  soon();
}
