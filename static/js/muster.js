// The muster saves each choice as it is made. An input is never replaced; a save is a save only when the
// reply names the mark and its new version; what failed says so on its row, and the form waits until it arrived.
const form = document.getElementById("muster");
const FACTS = ["letter", "time_in", "time_out", "remarks"];
const busy = new Map(); // cadet → whether something was typed while a save was under way
const unheard = new Map(); // cadet → their newest mark, come while the officer decides on the one before
const retries = new Map(); // cadet → when it is tried again
const RETRY_MS = 5000;
const PATIENCE_MS = 15_000; // a save without an answer by then is tried again
let unsent = ""; // what became of a button that could not be sent
let pressed; // the button of the whole form that waits for the saves under way: their answers have the new versions

const cadetOf = (row) => row.dataset.cadet;
const field = (row, name) => form.elements[`${cadetOf(row)}-${name}`];
const typed = (row) => FACTS.map((name) => field(row, name).value).join("|");
const failed = (row) => row.dataset.state === "failed"; // no answer of ours; the form itself would fare no better
const dirty = (row) => typed(row) !== field(row, "was").value;
const rows = () => [...form.querySelectorAll("[data-cadet]")];
const addressOf = (row) => `${form.dataset.marks}${cadetOf(row)}/`;

function say(row, state, text = "", ...controls) {
  const place = row.querySelector(".said");
  row.dataset.state = state;
  place.replaceChildren(text, ...controls);
  tally();
}

function button(text, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function tally() {
  const open = rows().filter((row) => !row.querySelector("fieldset").disabled);
  const count = (list) => list.filter((row) => !field(row, "was").value.startsWith("|")).length;
  document.getElementById("marked").textContent = count(rows());
  document.getElementById("blank").textContent = open.length - count(open);
  const unsaved = open.filter(dirty).length - busy.size;
  const parts = [busy.size && `${busy.size} saving`, unsaved > 0 && `${unsaved} not saved`].filter(Boolean);
  document.getElementById("saving").textContent = [parts.join(", "), unsent].filter(Boolean).join(". ");
}

// --- saving one mark

async function save(row) {
  if (pressed) return failed(row) || say(row, ""); // it goes with the form
  if (busy.has(cadetOf(row))) return busy.set(cadetOf(row), true);
  if (!dirty(row)) return say(row, "");
  const sent = typed(row);
  busy.set(cadetOf(row), false);
  say(row, "saving", "Saving…");
  const reply = await post(row);
  const again = busy.get(cadetOf(row));
  busy.delete(cadetOf(row));
  answered(row, sent, reply);
  if (pressed) return leave();
  if (again && row.dataset.state !== "conflict" && dirty(row)) save(row);
}

async function post(row) {
  const body = new URLSearchParams();
  for (const name of [...FACTS, "seen", "was"]) body.set(field(row, name).name ?? `${cadetOf(row)}-letter`, field(row, name).value);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const reply = await fetch(addressOf(row), { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (reply.type === "opaqueredirect") return { status: 401 }; // to the sign-in
    const named = reply.headers.get("Content-Type")?.startsWith("application/json");
    return { status: reply.status, ...(named ? await reply.json() : {}) };
  } catch {
    return { status: 0 };
  }
}

function answered(row, sent, reply) {
  const names = reply.cell?.endsWith(`:${cadetOf(row)}`);
  if (reply.status === 200 && names && reply.version >= Number(field(row, "seen").value)) {
    field(row, "seen").value = reply.version;
    field(row, "was").value = sent;
    say(row, "saved", "Saved");
  } else if (reply.status === 409 && names) conflict(row, reply);
  else if (reply.status === 422) say(row, "refused", reply.sentence);
  else if (reply.status === 0 || reply.status >= 500) retry(row, reply.status);
  else if (reply.status === 401) say(row, "failed", "Not saved: you are signed out. ", signIn());
  else say(row, "failed", "Not saved: you may not mark this cadet. Open the muster again.");
}

function signIn() {
  const link = document.createElement("a");
  link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "Sign in again and mark once more";
  return link;
}

function retry(row, status) {
  const why = { 0: "no connection", 503: "the system is closed for the moment" }[status] ?? "the server could not do it";
  say(row, "failed", `Not saved: ${why}. `, button("Try again", "small", () => save(row)));
  clearTimeout(retries.get(cadetOf(row)));
  retries.set(cadetOf(row), setTimeout(() => failed(row) && save(row), RETRY_MS));
}

function conflict(row, theirs) {
  const mine = row.querySelector(":checked").closest("label").querySelector("i").textContent;
  const settle = (use) => {
    take(row, theirs, use);
    save(row);
    const newer = unheard.get(cadetOf(row));
    if (!use && newer?.version > theirs.version) shown(row, newer);
  };
  const keep = button(`Keep ${theirs.label}`, "small quiet", () => settle(false));
  say(row, "conflict", `${theirs.sentence} `, keep, button(`Use ${mine}`, "small", () => settle(true)));
}

// --- the whole form, once no save is under way

function submitted(event) {
  unsent = "";
  rows().filter(failed).forEach(save);
  form.toggleAttribute("data-leaving", busy.size === 0);
  if (!busy.size) return;
  event.preventDefault();
  pressed = event.submitter;
}

function leave() {
  if (busy.size) return;
  const by = pressed;
  pressed = undefined;
  if (!rows().some(failed)) return form.requestSubmit(by);
  // The page stays, as the form would not arrive either: what is marked goes by itself, but where there is to decide.
  if (by.name || by.hasAttribute("formaction")) unsent = `“${by.textContent}” was not done. Press it once more.`;
  rows().filter((row) => dirty(row) && row.dataset.state !== "conflict").forEach(save);
  tally();
}

// --- what others set: into the row's values, unless it holds something of mine

function take(row, mark, keepTyped) {
  field(row, "seen").value = mark.version;
  field(row, "was").value = FACTS.map((name) => mark[name]).join("|");
  if (!keepTyped) for (const name of FACTS) field(row, name).value = mark[name];
}

async function refresh() {
  const reply = await fetch(`${form.dataset.marks}?${form.dataset.query}`).catch(() => null);
  if (!reply?.ok || !reply.headers.get("Content-Type")?.startsWith("application/json")) return;
  for (const mark of (await reply.json()).marks) {
    const row = form.querySelector(`[data-cadet="${mark.cell.split(":")[2]}"]`);
    if (row && mark.version > Number(field(row, "seen").value) && !busy.has(cadetOf(row))) shown(row, mark);
  }
}

function shown(row, mark) {
  if (row.dataset.state === "conflict") return unheard.set(cadetOf(row), mark); // its buttons stay until one is pressed
  const writing = row.contains(document.activeElement) && document.activeElement.type !== "radio";
  if (dirty(row) || writing) return say(row, row.dataset.state ?? "", `${mark.said}.`);
  take(row, mark, false);
  say(row, "changed", `${mark.said}.`);
}

if (form?.querySelector("fieldset:enabled")) {
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-cadet]");
    if (row) save(row);
  });
  form.addEventListener("submit", submitted);
  addEventListener("pageshow", () => form.toggleAttribute("data-leaving", false));
  addEventListener("online", () => rows().filter(failed).forEach(save));
  addEventListener("beforeunload", (event) => {
    if (!form.hasAttribute("data-leaving") && rows().some(dirty)) event.preventDefault();
  });
}
let asked;
if (form) {
  document.body.addEventListener("standings-changed", () => {
    clearTimeout(asked);
    asked = setTimeout(refresh, 300);
  });
}
