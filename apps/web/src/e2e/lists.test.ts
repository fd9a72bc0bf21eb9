import { readFileSync } from "node:fs";
import type { PackageReach, ResultGroups, VulnerabilityReach } from "@plimsoll/contract";
import { missingCommands } from "@plimsoll/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { type Harbour, openHarbour } from "../testing/harbour.ts";
import { evil, fillEstate } from "../testing/small-estate.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium");
const api = "/secure/vulnerability/v1";
const stages = ["pipeline", "registry", "runtime"] as const;

interface Rows {
  readonly page: { readonly total: number };
  readonly data: readonly { readonly resultId: string; readonly pullString: string; readonly fixable: number }[];
}

describe.skipIf(missing.length > 0)(`lists, search and home (needs ${missing})`, () => {
  let harbour: Harbour;
  tellPages(() => harbour);
  let page: Page;

  beforeAll(async () => {
    harbour = await openHarbour();
    page = await harbour.signIn();
  }, 180_000);
  afterAll(async () => {
    expect(harbour?.faults).toEqual([]);
    await harbour?.[Symbol.asyncDispose]();
  });

  const rowsOf = (stage: string, filter = "", on = page) =>
    harbour.api<Rows>(on, `${api}/${stage}-results?sort=risk&filter=${encodeURIComponent(filter)}`);
  const groupsOf = (stage: string, query = "") =>
    harbour.api<ResultGroups>(page, `${api}/result-groups?stage=${stage}${query}`);
  const count = (on: Page = page) => on.locator("main").getByRole("status").first().innerText();
  const tableRows = (on: Page = page) => on.locator("main tbody tr:not([aria-hidden])");
  const countBecomes = (words: RegExp, on: Page = page) =>
    expect.poll(() => count(on), { timeout: 5000 }).toMatch(words);

  it("says in an empty estate which command fills it, and where its token is", async () => {
    await page.goto("");
    await page.getByText("Nothing was scanned yet").waitFor();
    expect(await page.locator("main code").first().innerText()).toContain(
      `plimsoll scan IMAGE --apiurl ${harbour.url}`,
    );
    expect(await page.getByRole("link", { name: "Make a token" }).getAttribute("href")).toBe("/settings/tokens");
    expect(await obstaclesOn(page)).toEqual([]);
    for (const stage of stages) {
      await page.goto(stage);
      await page.getByRole("heading", { level: 2 }).waitFor();
      expect(await obstaclesOn(page)).toEqual([]);
    }
  }, 60_000);

  it("takes scans of two images, in pipelines, registries and clusters", async () => {
    await fillEstate(harbour);
    for (const [stage, total] of [
      ["pipeline", 3],
      ["registry", 4],
      ["runtime", 3],
    ] as const) {
      expect((await rowsOf(stage)).page.total).toBe(total);
    }
  }, 120_000);

  it("shows at home what the API counts, each number a way to the list of exactly that", async () => {
    await page.goto("");
    await page.getByRole("table").waitFor();
    const lines = page.locator("main tbody tr");
    for (const [at, stage] of stages.entries()) {
      const { whole } = await groupsOf(stage);
      const { rows, rowsBySeverity, exploitable, fixable, failed, incomplete } = whole;
      const shown = await lines.nth(at).locator("td").allInnerTexts();
      const { critical, high } = rowsBySeverity;
      const counted = [rows, critical, high, exploitable, fixable, failed, incomplete];
      expect([stage, ...shown.map(Number)]).toEqual([stage, ...counted]);
    }
    const links = await page
      .locator("main tbody td a")
      .evaluateAll((all) => all.map((link) => [link.getAttribute("href") ?? "", link.textContent ?? ""] as const));
    expect(links.length).toBeGreaterThan(8);
    for (const [href, number] of links) {
      await page.goto(href.slice(1));
      await countBecomes(new RegExp(`^${number} `));
    }
    const { data } = await harbour.api<{ data: { name: string }[] }>(page, `${api}/search/assets?limit=8`);
    await page.goto("");
    const worst = page.getByRole("region", { name: "Worst now" }).getByRole("listitem");
    await expect.poll(() => worst.count(), { timeout: 5000 }).toBe(data.length);
  }, 120_000);

  it("narrows by every condition as the API does, in the address, with chips and the way back", async () => {
    await page.goto("registry");
    await countBecomes(/^4 images$/);
    await page.getByLabel("Severity at least").selectOption("critical");
    await page.getByLabel("Fix", { exact: true }).selectOption("yes");
    const asked = (await rowsOf("registry", 'severity >= "critical" and hasFix = true')).page.total;
    await countBecomes(new RegExp(`^${asked} image`));
    expect(page.url()).toContain("severity=critical&fix=yes");
    await page.getByRole("button", { name: "Add a filter" }).click();
    await page.getByLabel("What").selectOption("Repository");
    await page.getByLabel("How").selectOption("not");
    await page.getByRole("dialog").locator("input").fill(evil);
    await page.keyboard.press("Enter");
    const without = (await rowsOf("registry", 'severity >= "critical" and hasFix = true')).page.total - 1;
    await countBecomes(new RegExp(`^${without} image`));
    await page.reload();
    await countBecomes(new RegExp(`^${without} image`));
    const chips = page.getByRole("list", { name: "Filters that hold" }).getByRole("button");
    expect(await chips.count()).toBe(4);
    await page.goBack();
    await countBecomes(new RegExp(`^${asked} image`));
    await page.getByRole("button", { name: "Take away: Severity at least critical" }).click();
    expect(page.url()).not.toContain("severity");
    await page.getByLabel("Part of the name, or a digest").fill("nothing is called so");
    await page.getByText("No image is like that").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Take all filters away" }).click();
    await countBecomes(/^4 images$/);
    expect(await page.getByLabel("Part of the name, or a digest").inputValue()).toBe("");
  }, 60_000);

  it("gives as CSV exactly what the list shows", async () => {
    await page.goto("pipeline?sort=name&order=asc&fix=yes");
    await countBecomes(/result/);
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV" }).click();
    const text = readFileSync(await (await saved).path(), "utf8");
    const lines = text.trimEnd().split("\r\n").slice(1);
    const list = await harbour.api<Rows>(
      page,
      `${api}/pipeline-results?sort=name&order=asc&filter=hasFix%20%3D%20true`,
    );
    expect(lines.map((line) => line.slice(line.lastIndexOf(",") + 1))).toEqual(
      list.data.map(({ resultId }) => resultId),
    );
    expect(await tableRows().count()).toBe(lines.length);
    expect(text).not.toContain("\u202E");
  });

  it("takes registries and clusters apart, level by level and back", async () => {
    await page.goto("registry");
    await page.getByRole("button", { name: "By registry" }).click();
    const { data } = await groupsOf("registry", "&by=registry");
    await page.getByRole("table", { name: "Registry" }).waitFor();
    expect(await tableRows().locator("td:nth-child(1)").allInnerTexts()).toEqual(data.map(({ value }) => value));
    expect(await tableRows().locator("td:nth-child(2)").allInnerTexts()).toEqual(data.map(({ rows }) => String(rows)));
    expect(await obstaclesOn(page)).toEqual([]);
    await tableRows().filter({ hasText: "r1.example" }).click();
    await page.getByRole("table", { name: "Repository" }).waitFor();
    await tableRows().filter({ hasText: "shop/web" }).click();
    await page.getByRole("table", { name: "Tag" }).waitFor();
    expect((await tableRows().locator("td:nth-child(1)").allInnerTexts()).sort()).toEqual(["1.0", "2.0"]);
    await tableRows().filter({ hasText: "2.0" }).click();
    await countBecomes(/^1 image$/);
    await page
      .getByRole("navigation", { name: "Where in the list" })
      .getByRole("button", { name: "r1.example" })
      .click();
    await page.getByRole("table", { name: "Repository" }).waitFor();
    await page.goto("runtime?by=cluster");
    await tableRows().filter({ hasText: "west" }).click();
    await countBecomes(/^2 workloads/);
  }, 60_000);

  it("shows hostile names as what they are", async () => {
    const labels = "registry?columns=image,registry,repository";
    for (const path of ["", "pipeline", labels, "registry?by=repository", "search?q=evil"]) {
      await page.goto(path);
      await page.getByText("‹U+202E›").first().waitFor();
      expect(await page.locator("main img").count()).toBe(0);
      expect(await page.locator("main").innerText()).not.toContain("\u202E");
      const isWide = await page.locator("html").evaluate((html) => html.scrollWidth > html.clientWidth);
      expect([path, isWide]).toEqual([path, false]);
    }
  }, 60_000);

  it("goes from the search to a result and a list's row to its result by keys alone", async () => {
    await page.goto("registry");
    await countBecomes(/^4 images$/);
    await page.keyboard.press("/");
    await page.keyboard.type("web:2");
    await page.getByRole("option", { name: "web:2.0" }).waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/results\//);
    await page.keyboard.press("/");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("shop");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=shop/);
    await page.getByRole("heading", { name: "Search: shop" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await countBecomes(/^4 images$/);
    await tableRows().first().focus();
    await page.keyboard.press("j");
    const { data } = await rowsOf("registry");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/results/${data[1]?.resultId}`));
    await page.goBack();
    await countBecomes(/^4 images$/);
  }, 60_000);

  it("orders by heading and shows the columns that are chosen, in the address", async () => {
    await page.goto("registry");
    await page.getByRole("button", { name: "Image", exact: true }).click();
    await expect.poll(() => page.url()).toContain("sort=name");
    await page.getByRole("button", { name: /^Image/ }).click();
    await expect.poll(() => page.url()).toContain("order=asc");
    expect(await page.getByRole("columnheader", { name: "Image" }).getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Repository" }).check();
    await page.getByRole("checkbox", { name: "Policies" }).uncheck();
    expect(await obstaclesOn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    const titles = await page.getByRole("columnheader").allInnerTexts();
    expect(titles.map((title) => title.replace(/ .$/, ""))).toEqual([
      "Image",
      "Findings",
      "Of these",
      "Judged",
      "Repository",
    ]);
  }, 60_000);

  it("keeps two windows apart, and one address shows the same in both", async () => {
    const other = await page.context().newPage();
    await page.goto("registry?registry=r1.example");
    await other.goto("registry?registry=r2.example");
    await countBecomes(/^3 images$/);
    await countBecomes(/^1 image$/, other);
    await other.goto(page.url());
    await countBecomes(/^3 images$/, other);
    await other.close();
  }, 60_000);

  it("says what failed, and tries again", async () => {
    const own = await harbour.signIn();
    await own.route("**/registry-results?**", (route) =>
      route.fulfill({ status: 400, json: { type: "BAD", message: "not today", details: [] } }),
    );
    await own.goto("registry");
    await own.getByText("not today").waitFor();
    await own.unroute("**/registry-results?**");
    await own.getByRole("button", { name: "Try again" }).click();
    await countBecomes(/^4 images$/, own);
    await own.context().close();
  }, 60_000);

  it("tells of a vulnerability and a package where they are, as the API does", async () => {
    const found = await harbour.api<{ vulnerabilities: { name: string }[] }>(page, `${api}/search?q=CVE-&limit=1`);
    const name = found.vulnerabilities[0]?.name ?? "";
    const reach = await harbour.api<VulnerabilityReach>(page, `${api}/blast-radius/vulnerabilities/${name}`);
    await page.goto(`vulnerabilities/${name}`);
    await page.getByRole("heading", { name: "What brings it" }).waitFor();
    expect(await page.getByRole("region", { name: "What brings it" }).getByRole("listitem").count()).toBe(
      reach.broughtBy.length,
    );
    for (const stage of stages) {
      const { total } = (await rowsOf(stage, `cve = "${name}"`)).page;
      if (total === 0) continue;
      const link = page.locator(`main a[href^="/${stage}?cve="]`);
      await expect.poll(() => link.innerText()).toBe(String(total));
    }
    expect(await obstaclesOn(page)).toEqual([]);
    const pkg = await harbour.api<PackageReach>(page, `${api}/blast-radius/packages?package=zlib`);
    await page.goto("packages?package=zlib");
    await page.getByText(`${pkg.images} image`).first().waitFor();
    await page.goto("vulnerabilities/CVE-1900-0001");
    await page.getByText("No such vulnerability is known here").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
  }, 60_000);

  const some = ["", "registry?severity=low", "registry?by=registry", "search?q=web"];
  it.each([
    ["light", { width: 1280 }, [...some, "pipeline", "runtime", "packages?package=zlib"]],
    ["dark", { dark: true }, some],
    ["narrow", { width: 390 }, some],
  ] as const)(
    "stands in nobody's way: %s",
    async (_, options, paths) => {
      const own = await harbour.signIn(options);
      for (const path of paths) {
        await own.goto(path);
        await own.waitForLoadState("networkidle");
        expect([path, await obstaclesOn(own)]).toEqual([path, []]);
      }
      await own.context().close();
    },
    120_000,
  );
});
