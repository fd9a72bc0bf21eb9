import type { RuntimeResultRow } from "@plimsoll/contract";
import { missingCommands } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { collect } from "../testing/collector.ts";
import { type Harbour, openHarbour } from "../testing/harbour.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium");

describe.skipIf(missing.length > 0)(`what runs and was not scanned (needs ${missing})`, () => {
  let harbour: Harbour;
  tellPages(() => harbour);
  beforeAll(async () => {
    harbour = await openHarbour();
  }, 180_000);
  afterAll(async () => {
    expect(harbour?.faults).toEqual([]);
    await harbour?.[Symbol.asyncDispose]();
  });

  it("is said to be so: nobody has looked, never that there is nothing", async () => {
    const page = await harbour.signIn();
    const workload = { labels: { "kubernetes.workload.name": "cart" }, image: { name: "shop/cart:new" } };
    await collect(harbour, "south", { workloads: [workload], hosts: [{ name: "quay" }] });
    await page.goto("runtime");
    const rows = page.locator("main tbody tr:not([aria-hidden])");
    await rows.filter({ hasText: "quay" }).waitFor();
    const list = await harbour.api<{ data: RuntimeResultRow[] }>(page, "secure/vulnerability/v1/runtime-results");
    expect(list.data.map(({ sbomId }) => sbomId)).toEqual([null, null]);
    const told = await rows.allInnerTexts();
    expect(told).toHaveLength(2);
    for (const row of told) {
      expect(row).toContain("not scanned yet");
      expect(row).not.toMatch(/\b(?:no policy|none|passed)\b|\d/);
    }
    expect(await obstaclesOn(page)).toEqual([]);
    for (const path of ["", "search?q=cart"]) {
      await page.goto(path);
      await page.getByText("not scanned yet").first().waitFor();
      expect(await obstaclesOn(page)).toEqual([]);
    }
  }, 60_000);
});
