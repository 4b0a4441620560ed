// Computed cells and what stands under the columns come as finished elements, told apart by their ids. A reply that
// was overtaken changes nothing: rows go by the version of their standing, columns by when they were asked for.

const seen = new Map(); // "12.3" → version of the cell, "12." → version of the row's standing, newest last
let columns = 0;
let asked = 0;

export const order = () => ++asked;

export function saw(name, version) {
  seen.delete(name);
  seen.set(name, Number(version));
  if (seen.size > 200) seen.delete(seen.keys().next().value);
}

// What of the latest changes this page knows already, for the server not to tell it again.
export const known = () => [...seen].slice(-150).map((each) => each.join(".")).join(" ");

export function parsed(text) {
  const page = document.createElement("template");
  page.innerHTML = text;
  return page.content;
}

export function figures(page, at) {
  const overtaken = new Set();
  for (const each of page.querySelectorAll("data[data-row]")) {
    const row = each.value.split(".")[0];
    if (Number(each.dataset.row) < (seen.get(`${row}.`) ?? 0)) overtaken.add(row);
    else saw(`${row}.`, each.dataset.row);
  }
  for (const holder of page.querySelectorAll("template")) {
    for (const fresh of holder.content.querySelectorAll("[id]")) {
      const row = fresh.id.match(/^[a-z](\d+)$/)?.[1];
      if (row ? !overtaken.has(row) : at >= columns) replace(document.getElementById(fresh.id), fresh);
    }
  }
  columns = Math.max(columns, at);
}

function replace(old, fresh) {
  if (!old) return;
  if (old.className !== fresh.className) old.className = fresh.className;
  if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
}
