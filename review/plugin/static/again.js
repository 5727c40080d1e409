// A page that is still being computed is asked for again until it is there; the link on it does the same without this file.
"use strict";
(() => {
  const every = 1000 * Number(document.currentScript.dataset.seconds);
  const again = async () => {
    const answer = await fetch(location.href, { method: "GET", headers: { accept: "text/html" } }).catch(() => null);
    if (answer && answer.status !== 202) location.reload();
    else setTimeout(again, every);
  };
  setTimeout(again, every);
})();
