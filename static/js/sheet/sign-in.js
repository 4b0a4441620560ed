// Signed out while typing: one signs in on the page, and everything that waited is sent. When somebody else signs in
// here, nothing of the first person is sent. Where they did so in another tab the page stops and says it before it is
// made anew for them: nobody types on under another's name.

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
  const stop = element("dialog", "sign-in");
  const heading = element("h2", "", `${title} is signed in here now`);
  const on = element("button", "", `Go on as ${title}`);
  heading.id = "other-title";
  stop.setAttribute("aria-labelledby", heading.id);
  on.type = "button";
  on.onclick = () => location.reload();
  stop.append(heading, element("p", "", "Nothing that you typed was sent under another name. What was not saved is kept in this browser until you sign in again."), on);
  stop.addEventListener("cancel", (event) => event.preventDefault());
  stop.addEventListener("close", () => location.reload());
  document.body.append(stop);
  stop.showModal();
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

const dialog = element("dialog", "sign-in");
const frame = document.createElement("iframe");
let left; // the cell that the officer was in, and where in its text

function build() {
  const title = element("h2", "", "Sign in to go on");
  const later = element("button", "quiet", "Not now");
  const elsewhere = element("a", "", "Sign in in another tab");
  const row = element("p", "row");
  title.id = "sign-in-title";
  dialog.setAttribute("aria-labelledby", title.id);
  frame.title = "Sign in";
  later.type = "button";
  later.onclick = () => dialog.close();
  elsewhere.href = SIGN_IN;
  elsewhere.target = "_blank";
  row.append(later, elsewhere);
  dialog.append(title, element("p", "", "You have been signed out. What you typed is kept on this page and is saved once you are in again."), frame, row);
  frame.addEventListener("load", inFrame);
  dialog.addEventListener("close", closed);
  document.body.append(dialog);
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
