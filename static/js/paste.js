// A block copied from a spreadsheet and pasted into the grade sheet: all of it goes to be checked and shown, like a
// file, before anything is written. What was typed before is saved first.

import { note } from "./sheet/cells.js";

const block = document.getElementById("block");
const body = document.querySelector("#sheet tbody");
const LOOK_MS = 100;

const many = (...states) => body.querySelectorAll(states.map((state) => `[data-state="${state}"]`).join()).length;

function pasted(event) {
  const input = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const single = !/[\t\r\n]/.test(text.replace(/\r?\n$/, ""));
  if (single || !input.matches?.(".cell input")) return; // goes into the cell as usual
  event.preventDefault();
  const [enrollment, exam] = input.name.split(".");
  for (const [name, value] of Object.entries({ cells: text, enrollment, exam })) block.elements[name].value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  setTimeout(send, LOOK_MS);
}

function send() {
  if (many("typing", "edited", "saving")) return setTimeout(send, LOOK_MS);
  const trouble = many("failed", "refused", "conflict", "locked", "draft");
  if (!trouble) return block.submit();
  note(`Not pasted: ${trouble} not saved. Settle that first, then paste again.`);
}

if (block && body) body.addEventListener("paste", pasted);
