import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "@plimsoll/testkit";
import type { Page } from "playwright-core";
import { smallPng } from "./small-png.ts";

/** How large pages are in pictures, in px. */
export const pictureSize = { width: 1280, height: 780 } as const;

/**
 * Takes a picture of the page, once nothing on it is on its way, into `docs/screenshots/NAME.png`. Only when
 * `PLIMSOLL_SCREENSHOTS` asks for pictures.
 */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PLIMSOLL_SCREENSHOTS === undefined) return;
  await page.waitForLoadState("networkidle");
  for (const rows of await page.getByRole("status", { name: "Loading" }).all())
    await rows.waitFor({ state: "detached" });
  const file = join(repositoryRoot, "docs", "screenshots", `${name}.png`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, smallPng(await page.screenshot({ caret: "initial" })));
}
