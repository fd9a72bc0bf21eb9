import { type Browser, chromium } from "playwright-core";

export type { Browser, BrowserContext, Page, Request } from "playwright-core";

/** Debian's Chromium, which asks nobody for anything by itself. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking"],
  });
}
