// The cadet's own page follows their standing: on a nudge, while the page is in front, its content is asked for
// again and put in place of the old, where the reader is. Everything works without it.

const LATE_MS = 5000; // the server looks back a little further than a page is old

let source = null;
let asked;
let justMade = true; // its first stream is told what came meanwhile
let asServed = document.querySelector("main").innerHTML;

async function refetch() {
  const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
  if (!answer || answer.status >= 500) return; // No signal, or no server: the next connection asks again.
  if (answer.redirected || !answer.ok) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  if (!fresh || fresh.innerHTML === asServed) return;
  asServed = fresh.innerHTML;
  put(fresh, shown);
}

function soon() {
  clearTimeout(asked);
  asked = setTimeout(refetch, 300);
}

const name = (details) => details.querySelector("summary").firstElementChild?.textContent;

function put(fresh, shown) {
  const focused = document.activeElement?.id;
  const scroll = scrollY;
  const open = new Set([...shown.querySelectorAll("details[open]")].map(name));
  shown.replaceChildren(...fresh.childNodes);
  shown.querySelectorAll("details").forEach((each) => (each.open ||= open.has(name(each))));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  scrollTo(0, scroll);
}

function come() {
  if (source || document.hidden) return;
  source = new EventSource(justMade ? `/events/?age=${Math.ceil(performance.now())}` : "/events/");
  const begun = performance.now();
  let upToDate = justMade;
  justMade = false;
  source.addEventListener("standings-changed", soon);
  source.addEventListener("rights-changed", soon);
  source.addEventListener("stream-displaced", leave);
  source.addEventListener("error", refused);
  source.addEventListener("open", () => {
    if (!upToDate || performance.now() - begun > LATE_MS) soon();
    upToDate = false;
  });
}

// Whoever is signed out gets no stream, and what the page still shows is not for the next one on this phone.
function refused() {
  if (source?.readyState !== EventSource.CLOSED) return;
  leave();
  refetch();
}

function leave() {
  source?.close();
  source = null;
}

come();
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : come()));
addEventListener("focus", come);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && come());
