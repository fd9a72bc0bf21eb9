import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FullResult, Recommendations, ResultNow, VulnerabilityReach } from "@plimsoll/contract";
import { missingCommands } from "@plimsoll/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { type Harbour, openHarbour, password } from "../testing/harbour.ts";
import { archiveOf, crowdedImage, hostileImage, shopImage } from "../testing/made-images.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium");
const api = "/secure/vulnerability/v1";
const tabs = ["overview", "vulnerabilities", "packages", "layers", "policies", "detail"];

describe.skipIf(missing.length > 0)(`a result (needs ${missing})`, { timeout: 180_000 }, () => {
  let harbour: Harbour;
  tellPages(() => harbour);
  let page: Page;
  const ids = new Map<string, string>();
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-result-"));

  beforeAll(async () => {
    harbour = await openHarbour();
    page = await harbour.signIn();
    const images = { shop: shopImage(), crowded: crowdedImage(165), hostile: hostileImage() };
    for (const [name, image] of Object.entries(images)) {
      const file = join(folder, `${name}.tar`);
      writeFileSync(file, archiveOf(image));
      const { code, stderr } = await harbour.scan(`file://${file}`);
      expect(code, stderr).toBe(1);
    }
    type Rows = { data: { pullString: string; resultId: string }[] };
    const { data } = await harbour.api<Rows>(page, `${api}/pipeline-results`);
    for (const { pullString, resultId } of data) ids.set(/(\w+)\.tar$/.exec(pullString)?.[1] ?? "", resultId);
  }, 240_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    expect(harbour?.faults).toEqual([]);
    await harbour?.[Symbol.asyncDispose]();
  });

  const pathOf = (name: string, query = "") => `results/${ids.get(name)}${query}`;
  const read = (name: string) => harbour.api<FullResult>(page, `${api}/results/${ids.get(name)}`);
  const text = (on: Page = page) => on.locator("main").innerText();
  const rowsOf = (label: string, on: Page = page) =>
    on
      .getByRole("table", { name: label })
      .getAttribute("aria-rowcount")
      .then((count) => Number(count) - 1);

  it("says in every tab what the API says, number for number", async () => {
    const result = await read("shop");
    const findings = Object.values(result.vulnerabilities);
    const count = (severity: string) => findings.filter((one) => one.severity === severity).length;
    await page.goto(pathOf("shop"));
    await page.getByText("Do this first").waitFor();
    await page.getByRole("img", { name: `${count("critical")} critical, ${count("high")} high` }).waitFor();
    const fixable = findings.filter(({ fixVersion }) => fixVersion !== undefined).length;
    const exploitable = findings.filter((one) => one.exploitable || one.cisaKev).length;
    expect(await text()).toContain(
      `${findings.length} findings, ${fixable} with a fix, ${exploitable} with an exploit, 0 in use`,
    );
    expect(await text()).toContain(`Packages judged\n${result.knowledge?.packagesJudged}`);
    const advice = await harbour.api<Recommendations>(page, `${api}/results/${result.resultId}/recommendations`);
    const [first] = advice.data;
    await page.getByText(`Bring ${first?.name} from ${first?.versions.join(", ")} to ${first?.to}`).waitFor();
    for (const { text: words } of first?.fixes ?? []) await page.getByText(words, { exact: true }).first().waitFor();
  });

  it("lists in every tab as many as the API", async () => {
    const result = await read("shop");
    const findings = Object.values(result.vulnerabilities);
    await page.goto(pathOf("shop"));
    await page.getByRole("tab", { name: `Vulnerabilities ${findings.length}` }).click();
    expect(await rowsOf("Vulnerabilities")).toBe(findings.length);
    await page.getByRole("tab", { name: `Packages ${Object.keys(result.packages).length}` }).click();
    expect(await rowsOf("Packages")).toBe(Object.keys(result.packages).length);
    await page.getByRole("tab", { name: "Layers 3" }).click();
    for (const [key, layer] of Object.entries(result.layers)) {
      const own = Object.values(result.packages).filter(({ layerRef }) => layerRef === key).length;
      const block = page.getByRole("list", { name: "Layers, the lowest first" }).getByRole("listitem").nth(layer.index);
      expect(await block.innerText()).toContain(own === 1 ? "1 package" : `${own} packages`);
    }
    expect(await text()).toContain("RUN pip install -r requirements.txt");
    expect(await text()).not.toContain("buildkit");
    await page.getByRole("tab", { name: "Policies 1" }).click();
    for (const { failures, description } of result.policies.evaluations.flatMap(({ bundles }) =>
      bundles.flatMap(({ rules }) => rules),
    )) {
      const rule = page.getByRole("listitem").filter({ hasText: description }).first();
      if (failures.length > 1) expect(await rule.innerText()).toContain(`${failures.length} failures`);
    }
    await page.getByRole("tab", { name: "Detail" }).click();
    if ("imageId" in result.metadata) await page.getByText(result.metadata.imageId, { exact: true }).waitFor();
  });

  it("narrows every tab to a layer, says so, and goes back by the browser's own way", async () => {
    const result = await read("shop");
    const [key] = Object.entries(result.layers).find(([, { index }]) => index === 2) ?? [];
    const refs = new Set(Object.entries(result.packages).flatMap(([id, one]) => (one.layerRef === key ? [id] : [])));
    const own = Object.values(result.vulnerabilities).filter(({ packageRef }) => refs.has(packageRef));
    await page.goto(pathOf("shop", "?tab=layers"));
    await page.getByRole("listitem").filter({ hasText: "COPY web /srv/web" }).getByRole("button").click();
    await page.getByText("Only what layer 2 brought").waitFor();
    await page.getByRole("tab", { name: `Vulnerabilities ${own.length}` }).click();
    expect(await rowsOf("Vulnerabilities")).toBe(own.length);
    await page.getByRole("tab", { name: `Packages ${refs.size}` }).click();
    expect(await rowsOf("Packages")).toBe(refs.size);
    await page.goBack();
    await page.getByRole("tab", { name: `Vulnerabilities ${own.length}`, selected: true }).waitFor();
    await page.getByRole("button", { name: "Show all layers" }).click();
    const all = Object.keys(result.vulnerabilities).length;
    await page.getByRole("tab", { name: `Vulnerabilities ${all}` }).waitFor();
    expect(page.url()).not.toContain("layer=");
    await page.goto(pathOf("shop", "?layer=nothing&tab=nowhere&open=none"));
    await page.getByRole("tab", { name: `Vulnerabilities ${all}` }).waitFor();
  });

  it("goes from finding to finding by keys alone, and says where else it is", async () => {
    const result = await read("shop");
    const total = Object.keys(result.vulnerabilities).length;
    await page.goto(pathOf("shop", "?tab=vulnerabilities"));
    const row = page.getByRole("table", { name: "Vulnerabilities" }).getByRole("row").nth(1);
    await row.focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog");
    await drawer.getByText(`2 of ${total}`).waitFor();
    await page.keyboard.press("j");
    await drawer.getByText(`3 of ${total}`).waitFor();
    await page.keyboard.press("k");
    await page.keyboard.press("k");
    await drawer.getByText(`1 of ${total}`).waitFor();
    const open = new URL(page.url()).searchParams.get("open") ?? "";
    const finding = result.vulnerabilities[open];
    await drawer
      .getByText(finding?.cvssScore.vector ?? "none", { exact: true })
      .first()
      .waitFor();
    const name = encodeURIComponent(finding?.name ?? "");
    const reach = await harbour.api<VulnerabilityReach>(page, `${api}/blast-radius/vulnerabilities/${name}`);
    await drawer.getByText(new RegExp(`In ${reach.images} images? of ${reach.assets} assets?`)).waitFor();
    await drawer.getByRole("link", { name: "See all of them" }).waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "hidden" });
    expect(new URL(page.url()).searchParams.get("open")).toBeNull();
  });

  it.each([{ dark: false }, { dark: true }, { width: 390 }])("stands in nobody's way: %j", async (look) => {
    const own = await harbour.signIn(look);
    const [open] = Object.keys((await read("shop")).vulnerabilities);
    for (const tab of [
      ...tabs.map((id) => `?tab=${id}`),
      "?tab=layers&as=table",
      `?tab=vulnerabilities&open=${open}`,
    ]) {
      await own.goto(pathOf("shop", tab));
      await own.getByRole("tab", { name: "Detail" }).waitFor();
      if (tab.includes("open")) await own.getByRole("dialog").getByText("Where else").waitFor();
      expect(await obstaclesOn(own), tab).toEqual([]);
    }
    await own.goto(pathOf("shop", "/now"));
    await own.getByText("Today's knowledge says the same").waitFor();
    expect(await obstaclesOn(own)).toEqual([]);
    await own.close();
  });

  it("puts then and today side by side, number for number", async () => {
    // What differs between two images stands for what differs between two states of knowledge: the document is the same.
    const own = await page.context().newPage();
    const [shop, other] = [`${api}/results/${ids.get("shop")}`, ids.get("hostile")];
    const now = await harbour.api<ResultNow>(page, `${shop}/now`);
    const changes = await harbour.api<ResultNow["changes"]>(page, `${shop}/diff/${other}`);
    const moved = { vulnerability: "CVE-1", package: "zlib", version: "1", severity: "high", before: null, after: "2" };
    await own.route(`**${shop}/now`, (route) => route.fulfill({ json: { ...now, changes, fixesMoved: [moved] } }));
    await own.goto(pathOf("shop", "/now"));
    const before = Object.keys((await read("shop")).vulnerabilities).length;
    const today = Object.keys((await read("hostile")).vulnerabilities).length;
    await own.getByRole("row", { name: `Findings ${before} ${today}`, exact: true }).waitFor();
    expect(await rowsOf("What differs", own)).toBe(changes.findings.length);
    expect(changes.findings.length).toBeGreaterThan(0);
    await own.getByRole("row", { name: "high CVE-1 zlib 1 nothing 2", exact: true }).waitFor();
    expect(await obstaclesOn(own)).toEqual([]);
    await own.close();
  });

  it("shows hostile names harmlessly", async () => {
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    for (const tab of tabs) {
      await page.goto(pathOf("hostile", `?tab=${tab}`));
      await page.getByRole("tab", { name: "Detail" }).waitFor();
      expect(await page.locator("main img, main script").count(), tab).toBe(0);
      expect(await text()).not.toMatch(/[\u202e\u001b]/);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), tab).toBe(true);
    }
    expect(await text()).toContain("<img/src=x/onerror=alert(1)>‹U+202E›exe");
    expect(dialogs).toEqual([]);
  });

  it("filters more than 5,000 findings without a stutter", async () => {
    const result = await read("crowded");
    const findings = Object.values(result.vulnerabilities);
    expect(findings.length).toBeGreaterThan(5000);
    await page.goto(pathOf("crowded", "?tab=vulnerabilities"));
    await page.getByRole("tab", { name: `Vulnerabilities ${findings.length}` }).waitFor();
    expect(await page.locator("tbody tr").count()).toBeLessThan(100);
    const critical = findings.filter(({ severity }) => severity === "critical").length;
    const took = await page.evaluate(async (wanted) => {
      const select = document.querySelector("main select");
      if (!(select instanceof HTMLSelectElement)) return Number.POSITIVE_INFINITY;
      const started = performance.now();
      select.value = "critical";
      select.dispatchEvent(new Event("change", { bubbles: true }));
      while (document.querySelector(`table[aria-rowcount="${wanted}"]`) === null) {
        if (performance.now() - started > 5000) break;
        await new Promise(requestAnimationFrame);
      }
      return performance.now() - started;
    }, critical + 1);
    expect(took).toBeLessThan(3000);
  });

  it("keeps what is typed when the session ends, and goes on after signing in again", async () => {
    const own = await harbour.signIn();
    await own.goto(pathOf("shop", "?tab=vulnerabilities"));
    await own.getByLabel("CVE, package, version or path").fill("django");
    await own.context().clearCookies();
    await own.getByRole("table").getByRole("row").nth(1).press("Enter");
    const dialog = own.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("Password", { exact: true }).fill(password);
    await own.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    await own.getByRole("dialog").getByText("Why this package matches").waitFor();
    expect(await own.getByLabel("CVE, package, version or path").inputValue()).toBe("django");
    await own.close();
  });

  it("two windows: signing out in one asks in the other, and loses nothing", async () => {
    const one = await harbour.signIn();
    const other = await one.context().newPage();
    await other.goto(pathOf("shop"));
    await one.goto(pathOf("shop"));
    await one.getByRole("button", { name: "Menu of admin" }).click();
    await one.getByRole("menuitem", { name: "Sign out" }).click();
    await one.getByRole("heading", { name: "Sign in to Plimsoll" }).waitFor();
    await other.getByRole("link", { name: "what is known today" }).click();
    await other.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    await one.context().close();
  });

  it("tells of what fails, keeps what is there, and goes on when it works again", async () => {
    // A page whose faults are meant.
    const own = await page.context().newPage();
    const main = `**${api}/results/${ids.get("shop")}`;
    await own.route(main, (route) =>
      route.fulfill({ status: 503, json: { type: "DRAINING", message: "going down", details: [] } }),
    );
    await own.goto(pathOf("shop"));
    await own.getByRole("alert").getByText("going down").waitFor();
    await own.unroute(main);
    await own.route(`${main}/recommendations`, (route) => route.abort());
    await own.getByRole("button", { name: "Try again" }).click();
    await own.getByText("What to do could not be worked out").waitFor({ timeout: 20_000 });
    await own.getByText("The server does not answer").waitFor();
    await own.getByRole("tab", { name: "Packages 8" }).click();
    await own.getByRole("table", { name: "Packages" }).waitFor();
    await own.close();
  });

  it("waits for slow answers in place, and survives answers that are none", async () => {
    const own = await page.context().newPage();
    const main = `**${api}/results/${ids.get("shop")}`;
    let answer = (): void => undefined;
    await own.route(main, async (route) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      await route.fulfill({ json: { layers: 3 } });
    });
    await own.goto(pathOf("shop"));
    await own.locator("main").getByRole("status", { name: "Loading" }).waitFor();
    answer();
    await own.getByRole("heading", { name: "This page could not be shown" }).waitFor();
    await own.unroute(main);
    await own.getByRole("button", { name: "Load it anew" }).click();
    await own.getByText("Do this first").waitFor();
    // The pages of a newer server: this one's parts are gone.
    await own.route("**/assets/page-*.js", (route) => route.abort());
    await own.goto("");
    await own.getByRole("heading", { name: "This page could not be shown" }).waitFor();
    await own.close();
  });
});
