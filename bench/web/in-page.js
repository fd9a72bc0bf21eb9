/** Runs within the page, before its own scripts: when its first row is on the screen, and how soon a filter shows its rows. */
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

const bench = {
  /** Resolves with ms since the navigation began. */
  painted: watch(),

  /** ms from a choice to the rows that it leaves, drawn; `label`: of the choice. */
  async filterTime({ label, value }) {
    const select = document.querySelector(`select[aria-label="${label}"]`);
    if (select === null) throw new Error(`no choice of ${label}`);
    const isAnswered = () => performance.getEntriesByType("resource").some(({ name }) => name.includes("-results"));
    const isBusy = () => document.querySelector('[aria-busy="true"]') !== null;
    performance.clearResourceTimings();
    const started = performance.now();
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    while (!isAnswered() || isBusy()) {
      if (performance.now() - started > 10_000) throw new Error(`no rows for ${label} ${value}`);
      await frame();
    }
    await frame();
    return performance.now() - started;
  },
};
globalThis.bench = bench;

/** Resolves when the first row is on the screen. */
async function watch() {
  while (document.querySelector('table tbody tr[aria-rowindex="2"]') === null) await frame();
  // The frame that holds it is on the screen when the next one begins.
  return await frame();
}
