// The grade sheet. An input is never replaced; a save is a save only when the reply names the cell and
// its new version; whatever is not known to be saved says so.
const form = document.getElementById("sheet");
const body = form?.querySelector("tbody");
const bar = document.getElementById("state");
const token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;
const cells = new Map(); // "enrollment.exam" → {input, key, version, saved, state}
const AT_ONCE = 3;
const RETRY_MS = 4000;
let lastSaved = "";
let stamp = form?.dataset.stamp;

function learn() {
  for (const input of body.querySelectorAll("input[name]")) {
    const [enrollment, exam, rest] = input.name.split(".", 3);
    const version = Number(rest.split(":")[0]);
    const shown = input.name.slice(input.name.indexOf(":") + 1);
    const key = `${enrollment}.${exam}`;
    cells.set(key, { input, key, enrollment, exam, version, saved: shown, state: "" });
  }
}

const cellOf = (input) => cells.get(input.name.split(".").slice(0, 2).join("."));

// --- what a cell says of itself

const WORDS = { edited: "edited", saving: "… saving", saved: "✓ saved", failed: "! not saved, will retry" };

function say(cell, state, nodes = []) {
  const place = cell.input.parentElement;
  cell.state = state;
  place.dataset.state = state;
  for (const old of place.querySelectorAll(".mark, .why, .conflict")) old.remove();
  if (WORDS[state]) nodes = [element("span", "mark", WORDS[state])];
  place.append(...nodes);
  cell.input.toggleAttribute("aria-invalid", state === "refused" || state === "conflict");
  if (state === "saved") setTimeout(() => cell.state === "saved" && say(cell, ""), 2500);
  tell();
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

let telling;
function tell() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    const count = (...states) => [...cells.values()].filter((cell) => states.includes(cell.state)).length;
    const waiting = count("edited", "saving");
    const trouble = count("failed", "refused", "conflict");
    const parts = [];
    if (waiting) parts.push(`${waiting} saving`);
    if (trouble) parts.push(`${trouble} not saved`);
    bar.dataset.trouble = trouble > 0;
    bar.textContent = parts.join(", ") || (lastSaved ? `All saved ${lastSaved}` : bar.textContent);
  }, 60);
}

// --- saving: one cell a request, a few at once, always the latest value

function edited(cell) {
  if (cell.input.value.trim() === cell.saved) {
    if (cell.state === "edited" || cell.state === "refused" || cell.state === "failed") say(cell, "");
    return;
  }
  if (cell.state !== "saving") say(cell, "edited");
  pump();
}

function pump() {
  const busy = [...cells.values()].filter((cell) => cell.state === "saving").length;
  const next = [...cells.values()].filter((cell) => cell.state === "edited");
  for (const cell of next.slice(0, AT_ONCE - busy)) save(cell);
}

async function save(cell) {
  const sent = cell.input.value.trim();
  say(cell, "saving");
  try {
    const reply = await fetch(`/sheet/score/${cell.enrollment}/${cell.exam}/`, {
      method: "POST",
      headers: { "X-CSRFToken": token, "HX-Request": "true" },
      body: new URLSearchParams({ value: sent, version: cell.version }),
      redirect: "manual",
    });
    answered(cell, sent, reply.status, reply.type, await reply.text());
  } catch {
    failed(cell);
  }
  pump();
}

function answered(cell, sent, status, type, text) {
  const page = document.createElement("template");
  page.innerHTML = text;
  const named = [...page.content.querySelectorAll("data")].find((each) => each.value === cell.key);
  if (status === 200 && named && Number(named.dataset.version) >= cell.version) saved(cell, sent, named, page);
  else if (status === 409 && named) conflict(cell, sent, named.dataset);
  else if (status === 422) refused(cell, sent, page.content.textContent.trim());
  else if (type === "opaqueredirect" || status === 401) refused(cell, sent, "You are signed out. Not saved. ", signIn());
  else if (status === 403) refused(cell, sent, "You may not change this. Not saved. Open the sheet again.");
  else failed(cell);
}

function saved(cell, sent, named, page) {
  cell.version = Number(named.dataset.version);
  cell.saved = named.dataset.typed;
  renamed(cell);
  lastSaved = new Date().toLocaleTimeString("en-GB");
  figures(page);
  const now = cell.input.value.trim();
  if (now === sent || now === cell.saved) say(cell, "saved");
  else say(cell, "edited"); // typed on while the save was under way: the newer value goes next
}

function refused(cell, sent, why, ...more) {
  if (cell.input.value.trim() !== sent) return say(cell, "edited");
  const box = element("p", "why", why || "Not saved.");
  box.append(...more);
  say(cell, "refused", [box]);
}

function signIn() {
  const link = element("a", "", "Sign in again and type it once more");
  link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  return link;
}

function failed(cell) {
  say(cell, "failed");
  setTimeout(() => {
    if (cell.state !== "failed") return;
    say(cell, "edited");
    pump();
  }, RETRY_MS);
}

function conflict(cell, sent, theirs) {
  cell.version = Number(theirs.version);
  cell.saved = theirs.typed;
  renamed(cell);
  const box = element("div", "conflict", `Yours ${sent || "blank"} · ${theirs.by} set ${theirs.typed || "blank"} at ${theirs.at} `);
  const keep = element("button", "small quiet", `Keep ${theirs.typed || "blank"}`);
  const use = element("button", "small", `Use ${sent || "blank"}`);
  keep.type = use.type = "button";
  keep.onclick = () => settle(theirs.typed);
  use.onclick = () => settle(sent);
  function settle(value) {
    cell.input.value = value;
    say(cell, "");
    edited(cell);
    cell.input.focus();
  }
  box.append(keep, use);
  box.setAttribute("role", "group");
  say(cell, "conflict", [box]);
}

function renamed(cell) {
  cell.input.name = `${cell.key}.${cell.version}:${cell.saved}`;
  cell.input.defaultValue = cell.saved;
}

// Computed cells and the count of what is entered come as finished elements, told apart by their ids.
function figures(page) {
  for (const holder of page.content.querySelectorAll("template")) {
    for (const fresh of holder.content.querySelectorAll("[id]")) {
      const old = document.getElementById(fresh.id);
      if (old && old.textContent !== fresh.textContent) old.replaceChildren(...fresh.childNodes);
    }
  }
}

// --- what others changed

async function refetch() {
  const reply = await fetch(`${form.dataset.changes}&since=${encodeURIComponent(stamp)}`, { redirect: "manual" });
  if (reply.status !== 200) return;
  const page = document.createElement("template");
  page.innerHTML = await reply.text();
  stamp = page.content.querySelector("output[data-stamp]")?.dataset.stamp ?? stamp;
  for (const news of page.content.querySelectorAll("data")) changedElsewhere(news);
  figures(page);
}

function changedElsewhere(news) {
  const cell = cells.get(news.value);
  const version = Number(news.dataset.version);
  if (!cell || version <= cell.version || cell.state === "saving") return;
  if (cell.input.value.trim() !== cell.saved) return; // my edit meets theirs when it is saved
  if (cell.input === document.activeElement) {
    cell.news = news; // taken over when I leave the cell
    return say(cell, "", [element("span", "mark", `now ${news.dataset.typed || "blank"}`)]);
  }
  cell.news = null;
  cell.version = version;
  cell.saved = cell.input.value = news.dataset.typed;
  renamed(cell);
  say(cell, "");
  const place = cell.input.parentElement;
  place.classList.add("fresh");
  setTimeout(() => place.classList.remove("fresh"), 3000);
}

let asked;
function nudged() {
  clearTimeout(asked);
  asked = setTimeout(() => refetch().catch(() => {}), 120);
}

// --- moving about

function go(input, event) {
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.select();
}

function neighbours(input) {
  const place = input.parentElement;
  const rows = [...body.rows];
  const row = rows.indexOf(place.parentElement);
  const inputs = [...place.parentElement.querySelectorAll(".cell input")];
  const column = inputs.indexOf(input);
  const down = (step) => {
    for (let at = row + step; rows[at]; at += step) {
      const there = rows[at].querySelectorAll(".cell input")[column];
      if (there) return there;
    }
    return null;
  };
  return { down, column, inputs, rows };
}

function edge(input, event, atStart) {
  const { selectionStart: start, selectionEnd: end, value } = input;
  if (start === 0 && end === value.length) return true;
  return atStart ? start === 0 && end === 0 : start === value.length;
}

function key(event) {
  const input = event.target;
  if (!input.matches?.(".cell input") || event.isComposing || event.altKey) return;
  const { down, column, inputs, rows } = neighbours(input);
  const all = () => [...body.querySelectorAll(".cell input")];
  const far = event.ctrlKey || event.metaKey;
  const moves = {
    Enter: () => {
      edited(cellOf(input)); // in the last row the cell is not left, so it says nothing by itself
      go(down(event.shiftKey ? -1 : 1) ?? input, event);
    },
    ArrowDown: () => go(down(1), event),
    ArrowUp: () => go(down(-1), event),
    ArrowLeft: () => edge(input, event, true) && go(inputs[column - 1], event),
    ArrowRight: () => edge(input, event, false) && go(inputs[column + 1], event),
    Home: () => go(far ? all()[0] : inputs[0], event),
    End: () => go(far ? all().at(-1) : inputs.at(-1), event),
    Escape: () => {
      const cell = cellOf(input);
      input.value = cell.saved;
      say(cell, "");
      event.preventDefault();
    },
  };
  if (rows.length) moves[event.key]?.();
}

if (form && body?.querySelector(".cell input")) {
  learn();
  document.getElementById("save")?.remove();
  body.addEventListener("change", (event) => event.target.matches(".cell input") && edited(cellOf(event.target)));
  body.addEventListener("keydown", key);
  body.addEventListener("focusin", (event) => event.target.matches(".cell input") && event.target.select());
  body.addEventListener("focusout", (event) => {
    const cell = event.target.matches(".cell input") && cellOf(event.target);
    if (cell?.news) setTimeout(() => changedElsewhere(cell.news));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const cell of cells.values()) if (cell.input.value.trim() !== cell.saved) edited(cell);
  addEventListener("beforeunload", (event) => {
    if ([...cells.values()].some((cell) => cell.state && cell.state !== "saved")) event.preventDefault();
  });
}
if (form) document.body.addEventListener("standings-changed", nudged);
