/** Watches one page from its first moment: when Today is usable, every input, every new screen, every durable write. Measures only; changes nothing. */
(() => {
  if (window.top !== window) return;
  const probe = { usable: null, inputs: [], commits: [], taps: [], notices: [], screens: [], lists: [] };
  window.bench = probe;

  // Today is usable when its list (or the words that nothing is due) has been painted and the page can take an input.
  const isThere = () => document.querySelector("main ul.group li a.go, main .empty") !== null;
  let found;
  probe.whenUsable = new Promise((resolve) => (found = resolve));
  const seen = new MutationObserver(() => {
    if (!isThere()) return;
    seen.disconnect();
    afterPaint(() => found((probe.usable = performance.now())));
  });
  seen.observe(document, { childList: true, subtree: true });

  // The task after the next frame begins once that frame is handed over to be shown.
  const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));

  /** Resolves when the page has nothing left to do, so that the next input meets a page at rest. */
  probe.atRest = () => idle().then(() => new Promise(afterPaint)).then(idle);
  const idle = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2000 }));

  new PerformanceObserver((list) => {
    for (const { name, interactionId, startTime, processingStart, processingEnd, duration } of list.getEntries())
      if (interactionId > 0) probe.inputs.push({ name, id: interactionId, startTime, processingStart, processingEnd, duration });
  }).observe({ type: "event", durationThreshold: 16, buffered: true });

  // The clock of "saved" starts with the finger, not with our code: an event's time stamp is the browser's.
  addEventListener("pointerup", ({ timeStamp }) => probe.taps.push(timeStamp), { capture: true, passive: true });

  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function transaction(stores, mode, ...rest) {
    const txn = begin.call(this, stores, mode, ...rest);
    if (mode === "readwrite" && txn.objectStoreNames.contains("outbox"))
      txn.addEventListener("complete", () => probe.commits.push({ at: performance.now(), durability: txn.durability }));
    return txn;
  };

  // When the screen says that something is saved: every notice is an element of its own.
  let told = null;
  const said = new MutationObserver(() => {
    const notice = document.querySelector("[role=status] > *");
    if (notice === told) return;
    told = notice;
    if (notice === null) return;
    probe.notices.push(performance.now());
    tell();
  });
  said.observe(document, { childList: true, subtree: true });
  let tell = () => undefined;
  /** Resolves when the screen has said something since the last look. */
  probe.told = () => new Promise((resolve) => (probe.notices.length > 0 ? resolve() : (tell = resolve)));

  // When another screen has been painted: each has a frame of its own.
  let screen = null;
  const changed = new MutationObserver(() => {
    const now = document.querySelector(".screen");
    if (now === screen) return;
    screen = now;
    afterPaint(() => probe.screens.push(performance.now()));
  });
  changed.observe(document, { childList: true, subtree: true });

  // When other rows have been painted.
  const moved = new MutationObserver((records) => {
    if (records.some(({ target }) => target.nodeName === "UL" || target.nodeName === "MAIN")) afterPaint(() => probe.lists.push(performance.now()));
  });
  moved.observe(document, { childList: true, subtree: true });

  /** What happened since the last look. */
  probe.take = () => Object.fromEntries(["inputs", "commits", "taps", "notices", "screens", "lists"].map((name) => [name, probe[name].splice(0)]));
})();
