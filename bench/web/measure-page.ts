/** What a page costs in a browser that has never seen it, and how soon a filter shows its rows. */
import { join } from "node:path";
import type { Browser, BrowserContext, Page, Request } from "../../apps/web/src/testing/browser.ts";

/** One visit with nothing cached. */
export interface Visit {
  /** ms from the start of the navigation to the first row on the screen. */
  readonly paint: number;
  /** Bytes of JavaScript until then, as they came. */
  readonly script: number;
  /** Paths of the most requests that scripts made until then, each begun after the end of the one before. */
  readonly chain: readonly string[];
}

const inPage = join(import.meta.dirname, "in-page.js");

export async function visit(browser: Browser, context: BrowserContext, address: string): Promise<Visit> {
  const fresh = await browser.newContext({ storageState: await context.storageState() });
  try {
    const page = await fresh.newPage();
    const asked: Request[] = [];
    page.on("request", (request) => asked.push(request));
    const paint = await openList(page, address);
    const before = asked.filter((request) => request.timing().responseEnd >= 0);
    return { paint, script: await bytesOf(before), chain: chainOf(before) };
  } finally {
    await fresh.close();
  }
}

/** Opens a list; ms until its first row was on the screen. */
export async function openList(page: Page, address: string): Promise<number> {
  await page.addInitScript({ path: inPage });
  await page.goto(address, { waitUntil: "commit" });
  return await page.evaluate<number>("bench.painted");
}

/** ms from the choice in a list of choices to the rows that it leaves, on a list that is open. */
export async function filterTime(page: Page, choice: { readonly label: string; readonly value: string }) {
  return await page.evaluate<number>(`bench.filterTime(${JSON.stringify(choice)})`);
}

async function bytesOf(requests: readonly Request[]): Promise<number> {
  const scripts = requests.filter((request) => request.resourceType() === "script");
  const sizes = await Promise.all(scripts.map(async (request) => (await request.sizes()).responseBodySize));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The document and what it names come before any script runs; what scripts ask for is what can wait for one another. */
function chainOf(requests: readonly Request[]): string[] {
  const spans = requests
    .filter((request) => request.resourceType() === "fetch")
    .map((request) => {
      const { startTime, responseEnd } = request.timing();
      return { path: new URL(request.url()).pathname, from: startTime, to: startTime + responseEnd };
    })
    .sort((a, b) => a.to - b.to);
  const chain: string[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { path, from, to } of spans) {
    if (from < end) continue;
    chain.push(path);
    end = to;
  }
  return chain;
}
