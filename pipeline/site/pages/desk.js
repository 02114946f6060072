// The queue by keyboard: j to the next conflict, k to the one before. Without it, Tab.
"use strict";
const items = [...document.querySelectorAll(".queue > .conflict")];
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  const step = { j: 1, k: -1 }[event.key];
  if (!step || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = items.findIndex((item) => item.contains(document.activeElement));
  const at = Math.min(items.length - 1, Math.max(0, here + step));
  items[at]?.querySelector("a")?.focus();
  event.preventDefault();
});
