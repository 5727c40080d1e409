// Words selected in a passage become the start of a tag or an answer. Without this file they are pasted into its form.
"use strict";
(() => {
  const bar = document.getElementById("selected");
  if (!bar) return;
  const link = bar.querySelector("a");
  const count = (text) => [...text].length; // characters as the store counts them, not UTF-16 units

  function passageOf(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    return element?.closest("[data-words]");
  }

  function chosen() {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const passage = passageOf(range.startContainer);
    if (!passage) return null;
    const within = document.createRange();
    within.selectNodeContents(passage);
    const before = document.createRange();
    before.setStart(passage, 0);
    before.setEnd(range.startContainer, range.startOffset);
    // A triple click ends at the start of what follows: the passage itself is what was meant.
    const inside = range.cloneRange();
    if (passageOf(range.endContainer) !== passage) {
      if (range.endOffset !== 0) return null;
      inside.setEnd(within.endContainer, within.endOffset);
    }
    const text = inside.toString();
    const words = text.trim();
    if (!words) return null;
    const start = count(before.toString()) + count(text) - count(text.trimStart());
    return { passage, start, end: start + count(words) };
  }

  function offer() {
    const found = chosen();
    if (!found) { if (!bar.contains(document.activeElement)) bar.hidden = true; return; }
    const address = new URL(found.passage.dataset.words, location.href);
    address.searchParams.set("start", found.start);
    address.searchParams.set("end", found.end);
    link.href = address;
    found.passage.after(bar); // so that Tab reaches it next
    bar.hidden = false;
  }

  document.addEventListener("selectionchange", offer);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") bar.hidden = true; });
})();
