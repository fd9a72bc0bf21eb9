import { afterEach } from "vitest";
import type { Harbour } from "./harbour.ts";

/** Has a test that fails tell what its pages showed and what they asked to be changed: of a machine elsewhere nothing else is seen. */
export function tellPages(harbour: () => Harbour | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    const { pages = [], changes = [], faults = [] } = harbour() ?? {};
    const shown = await Promise.all(pages.filter((page) => !page.isClosed()).map(shownOn));
    throw new Error([...shown, "asked to change:", ...changes.slice(-10), "faults:", ...faults].join("\n"));
  });
}

async function shownOn(page: Harbour["pages"][number]): Promise<string> {
  const text = await page.locator("body").innerText({ timeout: 5000 }).catch(String);
  const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300) ?? "").catch(String);
  return `${page.url()} shows:\n${text}\nfocused: ${focused}`;
}
