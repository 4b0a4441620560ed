// One stream a tab. Its events become events of the page's body, so that a part of a page refetches itself
// with hx-trigger="standings-changed from:body". The stream closes while the tab is hidden; whenever it comes
// back every event is told once, because some may have been missed meanwhile.

const LATE_MS = 5000; // the server looks back a little further than a page is old
const EVENTS = ["standings-changed", "jobs-changed", "rights-changed", "presence-changed", "notifications-changed"];

let source = null;
let fresh = true; // the page was just made: its first stream is told what came meanwhile

function tell(name) {
  document.body.dispatchEvent(new CustomEvent(name));
}

function connect(url) {
  source = new EventSource(fresh ? `${url}?age=${Math.ceil(performance.now())}` : url);
  for (const name of EVENTS) source.addEventListener(name, () => tell(name));
  const begun = performance.now();
  let upToDate = fresh;
  fresh = false;
  source.addEventListener("open", () => {
    if (!upToDate || performance.now() - begun > LATE_MS) EVENTS.forEach(tell);
    upToDate = false;
  });
  // Too many tabs of one person: this one waits until it is in front again.
  source.addEventListener("stream-displaced", leave);
  return source;
}

function leave() {
  source?.close();
  source = null;
}

function come() {
  const live = document.getElementById("live");
  if (!live || source || document.hidden) return;
  const again = live.cloneNode();
  live.replaceWith(again);
  htmx.process(again);
}

// htmx opens the stream of #live through this, when the page is ready.
htmx.createEventSource = connect;
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : come()));
addEventListener("focus", come);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && come());
