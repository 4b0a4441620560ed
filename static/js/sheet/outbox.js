// What was typed and is not known to be saved is kept in this browser, a line a cell, under the number of who typed
// it: it survives a lost connection, a reload and a new sign-in, and nobody else's pages look at it.

const PREFIX = "rotc.unsaved.";
const reader = document.body.dataset.reader;
const place = (key) => `${PREFIX}${reader}.${key}`;

let keeps = true;

export function keep(key, entry) {
  try {
    localStorage.setItem(place(key), JSON.stringify(entry));
  } catch {
    keeps = false; // a full or forbidden store: the page itself still holds it
  }
}

export const keepsSafe = () => keeps;

export function forget(key) {
  try {
    localStorage.removeItem(place(key));
  } catch {
    keeps = false;
  }
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

// [["12.3", {typed, version, shown, tried, at, label, sheet, address}], …]
export function own() {
  const mine = place("");
  const found = names().filter((name) => name.startsWith(mine));
  return found.map((name) => [name.slice(mine.length), read(name)]).filter(([, entry]) => entry);
}

export const ofOthers = () => names().filter((name) => !name.startsWith(place(""))).length;

export function clear() {
  for (const name of names()) localStorage.removeItem(name);
}

// When another tab of this browser keeps or forgets something.
export function watch(changed) {
  addEventListener("storage", (event) => (event.key === null || event.key.startsWith(PREFIX)) && changed());
}
