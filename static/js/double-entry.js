// Typing scores from paper: Enter goes down the column, and what is typed outlives a closed page or a lost session
// until it is handed in. The draft is of one officer and one pass, so nobody meets another's.
const form = document.getElementById("pass");

function moving(inputs) {
  form.addEventListener("keydown", (event) => {
    const at = inputs.indexOf(event.target);
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step || event.isComposing) return;
    event.preventDefault();
    const next = inputs[at + step] ?? (step > 0 && event.key === "Enter" ? form.querySelector("button") : event.target);
    next.focus();
    next.select?.();
  });
}

function drafting(inputs) {
  const key = form.dataset.draft;
  const fresh = inputs.every((input) => input.value === "");
  const draft = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  let sending = false;
  if (fresh) for (const input of inputs) input.value = draft[input.name] ?? "";
  const back = fresh && inputs.some((input) => input.value !== "");
  let unsent = back || !fresh;
  if (back) {
    const said = document.getElementById("state");
    said.textContent = "What you typed before stands here again. It is not saved yet.";
    said.hidden = false;
  }
  form.addEventListener("input", () => {
    unsent = true;
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(inputs.map(({ name, value }) => [name, value]))));
  });
  form.addEventListener("submit", () => (sending = true));
  addEventListener("pageshow", () => (sending = false));
  addEventListener("beforeunload", (event) => unsent && !sending && event.preventDefault());
}

if (form) {
  const inputs = [...form.querySelectorAll("tbody input")];
  moving(inputs);
  drafting(inputs);
  (form.querySelector("tbody [aria-invalid]") ?? inputs[0])?.focus();
} else {
  // Handed in, withdrawn or left: drafts of double entries go.
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("double-entry:")) sessionStorage.removeItem(key);
}
