// What every page needs from a script: a plain sentence when a request fails, and tables one can scroll by key.

import { clear, ofOthers, own } from "./sheet/outbox.js";

const messages = document.getElementById("messages");

function say(text, link) {
  const line = document.createElement("p");
  line.className = "message error";
  line.dataset.failure = "";
  line.append(text);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    line.append(" ", anchor);
  }
  messages.replaceChildren(line);
}

const signIn = () => ({
  href: `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`,
  text: "Sign in again",
});

function refused(status) {
  if (status === 401) return say("You have been signed out. Nothing was saved.", signIn());
  if (status === 403) return say("You may not do that. Nothing was saved. If you were away for long,", signIn());
  if (status === 404) return say("This is no longer here, or not yours to see. Nothing was saved.");
  if (status === 413) return say("That is too large to send. Nothing was saved.");
  if (status === 429) return say("Too many requests. Nothing was saved; wait a minute and try again.");
  if (status === 503) return say("The system is closed for the moment. Nothing was saved; try again later.");
  return say(`The server could not do this (${status}). Nothing was saved.`);
}

// Nobody asked for what a page looks at by itself, and the next nudge or connection asks again: only what ends that is told.
function lookedInVain(status) {
  if (status === 401) say("You have been signed out.", signIn());
  if (status === 403) say("You may not see this any more.");
  if (status === 404) say("This is no longer here, or not yours to see.");
}

const isLook = ({ detail: { requestConfig: asked } }) => asked.verb === "get" && !asked.triggeringEvent?.isTrusted;

function failed(event, act) {
  if (isLook(event)) return;
  act();
  messages.scrollIntoView({ block: "nearest" });
}

function answeredBadly(event, status) {
  if (isLook(event)) lookedInVain(status);
  else failed(event, () => refused(status));
}

document.addEventListener("htmx:responseError", (event) => answeredBadly(event, event.detail.xhr.status));
document.addEventListener("htmx:sendError", (event) => failed(event, () => say("No connection. Nothing was saved; try again.")));
document.addEventListener("htmx:timeout", (event) => failed(event, () => say("No answer in time. Check whether it was saved, then try again.")));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.startsWith("/accounts/login/")) {
    event.detail.shouldSwap = false;
    answeredBadly(event, 401);
  } else if (xhr.status < 400) {
    messages.querySelectorAll("[data-failure]").forEach((line) => line.remove());
  }
});

// Signing out clears this browser, and with it the scores that a grade sheet could not save yet.
document.addEventListener("submit", (event) => {
  if (!document.body.dataset.reader || event.target.getAttribute("action") !== "/accounts/logout/") return;
  const mine = own().length;
  const others = ofOthers();
  if (!mine && !others) return;
  const scores = (count) => (count === 1 ? "1 score is" : `${count} scores are`);
  const parts = [];
  if (mine) parts.push(`${scores(mine)} not saved yet.`);
  if (others) parts.push(`${scores(others)} not saved yet that somebody else typed in this browser.`);
  if (confirm(`${parts.join(" ")} Sign out and lose ${mine + others === 1 ? "it" : "them"}?`)) clear();
  else event.preventDefault();
});

// By this an open grade sheet in another tab hears that somebody else signed in.
try {
  if (document.body.dataset.reader) localStorage.setItem("rotc.reader", document.body.dataset.reader);
} catch {
  // a forbidden store: it is noticed at the next save
}

// A table wider than its frame is scrolled with the arrow keys once the frame takes the focus.
function openToKeys() {
  for (const frame of document.querySelectorAll(".scroll")) {
    if (frame.scrollWidth <= frame.clientWidth || frame.tabIndex === 0) continue;
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent.trim() || "Table");
  }
}
addEventListener("resize", openToKeys);
document.addEventListener("htmx:afterSettle", openToKeys);
openToKeys();

// The menu of a phone, and of a column, closes when one looks elsewhere.
for (const menu of document.querySelectorAll(".menu, .column")) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
