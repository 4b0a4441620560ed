// Signed out while typing: one signs in on the page, and everything that waited is sent. When somebody else signs in
// here, nothing of the first person is sent: the page stops, says it, and is made anew for the other.

import { cellLeft, element, form, setSignedOut } from "./cells.js";

const DONE = "/signed-in/";
const SIGN_IN = `/accounts/login/?next=${DONE}`;
const QUIET_MS = 1200; // nobody is interrupted in the middle of a score
const reader = document.body.dataset.reader;

let token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;
let out = false;
let asked = false;
let leaving = false;
let lastKey = 0;
let opening;
let carryOn = () => {};

export const csrf = () => token;
export const isOut = () => out;
export const isLeaving = () => leaving;
export const whenIn = (then) => (carryOn = then);
addEventListener("keydown", () => (lastKey = Date.now()), true);

// "in" with a fresh token, "out", "other" when somebody else is signed in, or "unknown" without a connection.
export async function whoIsIn() {
  try {
    const reply = await fetch(DONE, { redirect: "manual", cache: "no-store" });
    if (reply.type === "opaqueredirect") return "out";
    if (!reply.ok) return "unknown";
    return take(new DOMParser().parseFromString(await reply.text(), "text/html"));
  } catch {
    return "unknown";
  }
}

function take(page) {
  const here = page.querySelector("[data-token]");
  if (!here) return "unknown";
  if (here.dataset.reader !== reader) {
    if (!leaving) other(here.dataset.title);
    return "other";
  }
  token = here.dataset.token;
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return "in";
}

function other(title) {
  leaving = true;
  clearTimeout(opening);
  if (dialog.open) return location.reload(); // they signed in here, and know it
  const on = element("button", "", `Go on as ${title}`);
  dialog.onclose = on.onclick = () => location.reload();
  dialog.oncancel = (event) => event.preventDefault();
  fill(`${title} is signed in here now`, "Nothing that you typed was sent under another name. What was not saved is kept here until you sign in again.", on);
  dialog.showModal();
}

export function signedOut() {
  out = true;
  setSignedOut(true);
}

// Where there is something to save it asks by itself, once; later by the button in the bar.
export function askOnce() {
  if (!asked) open();
  asked = true;
}

export function open() {
  clearTimeout(opening);
  if (dialog.open || leaving) return;
  const wait = lastKey + QUIET_MS - Date.now();
  if (wait > 0) opening = setTimeout(open, wait);
  else showDialog();
}

export async function back() {
  if (!out) return;
  if ((await whoIsIn()) === "in") arrived();
}

function arrived() {
  out = asked = false;
  setSignedOut(false);
  if (dialog.open) dialog.close();
  carryOn();
}

// --- the dialog

const dialog = element("dialog", "sign-in stack");
const frame = document.createElement("iframe");
let left; // the cell that the officer was in, and where in its text

function fill(heading, words, ...nodes) {
  const title = element("h2", "", heading);
  title.id = "sign-in-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.replaceChildren(title, element("p", "", words), ...nodes);
  document.body.append(dialog);
}

function build() {
  const later = element("button", "quiet", "Not now");
  const elsewhere = element("a", "", "Sign in in another tab");
  const row = element("p", "row");
  frame.title = "Sign in";
  later.type = "button";
  later.onclick = () => dialog.close();
  elsewhere.href = SIGN_IN;
  elsewhere.target = "_blank";
  row.append(later, elsewhere);
  fill("Sign in to go on", "You have been signed out. What you typed is kept on this page and is saved once you are in again.", frame, row);
  frame.onload = inFrame;
  dialog.onclose = closed;
}

function showDialog() {
  if (!dialog.isConnected) build();
  const input = cellLeft();
  left = input && { input, start: input.selectionStart, end: input.selectionEnd };
  frame.src = SIGN_IN;
  dialog.showModal();
  frame.focus();
}

function inFrame() {
  let page;
  try {
    page = frame.contentWindow.location.pathname === DONE && frame.contentDocument; // another origin throws
  } catch {
    return;
  }
  if (page && take(page) === "in") arrived();
}

function closed() {
  frame.src = "about:blank";
  if (!left || leaving) return;
  left.input.focus();
  left.input.setSelectionRange(left.start, left.end);
}

// Every page says whose it is: another tab tells at once that somebody else signed in.
addEventListener("storage", async (event) => {
  if (event.key !== "rotc.reader" || event.newValue === reader || leaving) return;
  if ((await whoIsIn()) === "out") signedOut();
});
addEventListener("focus", back);
addEventListener("online", back);
document.addEventListener("visibilitychange", () => document.hidden || back());
