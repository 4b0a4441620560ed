// A button that asks for a passkey can be pressed once the script behind it listens, not before: on a slow line a
// press in between would do nothing and say nothing.
addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[data-key]")) button.disabled = false;
});
