// One key for each button that names one (data-key). Without this file the buttons do all of it.
// The keys sleep in fields and with Ctrl, Alt or Meta, and can be switched off (WCAG 2.1.4).
"use strict";
(() => {
  const bar = document.getElementById("keys");
  const told = document.getElementById("told");
  if (!bar || !told) return;
  const kept = {
    get: (store, name) => { try { return store.getItem(name); } catch { return null; } },
    set: (store, name, value) => { try { store.setItem(name, value); } catch { /* kept for this page only */ } },
  };
  const keyed = [...document.querySelectorAll("[data-key]")];
  const reasons = document.querySelector("[data-reasons]");
  const button = bar.querySelector("button");
  let on = kept.get(localStorage, "coi-keys") !== "off";
  let sent = false;

  // A page that is kept and shown again by the browser's Back can be decided on again.
  addEventListener("pageshow", () => { sent = false; });

  function say(text) {
    told.textContent = "";
    setTimeout(() => { told.textContent = text; }, 60); // a change after loading is what a screen reader announces
  }

  function show() {
    bar.hidden = false;
    button.textContent = on ? bar.dataset.off : bar.dataset.on;
    for (const element of keyed) {
      element.querySelector("kbd")?.remove();
      element.removeAttribute("aria-keyshortcuts");
      if (!on) continue;
      const hint = document.createElement("kbd");
      hint.textContent = element.dataset.key.toUpperCase();
      hint.setAttribute("aria-hidden", "true"); // aria-keyshortcuts says it
      element.append(hint);
      element.setAttribute("aria-keyshortcuts", element.dataset.key);
    }
    if (!reasons) return;
    [...reasons.options].forEach((option, at) => {
      option.textContent = option.textContent.replace(/^\d+ /, "");
      if (on && at > 0 && at < 10) option.textContent = `${at} ${option.textContent}`;
    });
  }

  function press(element) {
    const form = element.closest("form");
    const words = form?.elements.reason;
    if (element.value === "reject" && reasons && !words.value.trim() && ["", "other"].includes(reasons.value)) {
      (reasons.value ? words : reasons).focus();
      say(reasons.value ? bar.dataset.words : bar.dataset.why);
      return;
    }
    if (form && !form.reportValidity()) return;
    sent = true;
    kept.set(sessionStorage, "coi-key", "1");
    element.click();
  }

  function typing(target) {
    return target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
  }

  document.addEventListener("keydown", (event) => {
    if (!on || sent || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target === reasons && event.key === "Enter") { // after R: the reason is chosen, Enter sends it
      event.preventDefault();
      press(reasons.form.querySelector("[value=reject]"));
      return;
    }
    if (event.target === reasons && event.key === "Escape") { reasons.blur(); return; }
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    const found = keyed.find((element) => element.dataset.key === key);
    if (found) {
      event.preventDefault();
      press(found);
    } else if (reasons && /^[1-9]$/.test(key) && reasons.options[Number(key)]) {
      event.preventDefault();
      reasons.selectedIndex = Number(key);
      press(reasons.form.querySelector("[value=reject]"));
    }
  });

  button.addEventListener("click", () => {
    on = !on;
    kept.set(localStorage, "coi-keys", on ? "on" : "off");
    show();
  });

  show();
  // After a key the next passage has the focus, and what was decided is said.
  if (kept.get(sessionStorage, "coi-key")) {
    kept.set(sessionStorage, "coi-key", "");
    document.querySelector("[tabindex='-1']")?.focus();
    const latest = document.querySelector("[data-told]");
    const standing = document.querySelector("[data-standing]");
    const heard = [latest?.firstChild, standing].map((node) => node?.textContent.replace(/\s+/g, " ").trim());
    if (latest) say(heard.filter(Boolean).join(" "));
  }
})();
