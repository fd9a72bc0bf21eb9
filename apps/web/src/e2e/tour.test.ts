/**
 * The newcomer's way, step by step, as `docs/tour.md` tells it: `plimsoll up`, sign in, the worst image, the layer that
 * brought the worst finding, the command that fixes it, a scan of an image typed in by hand, a token for the CI.
 * `PLIMSOLL_SCREENSHOTS=1` takes the tour's pictures anew.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FullResult, Recommendations } from "@plimsoll/contract";
import { missingCommands, openDockerRegistry, runChild } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, type Page } from "../testing/browser.ts";
import { password } from "../testing/harbour.ts";
import { archiveOf, shopImage, smallImage } from "../testing/made-images.ts";
import { picture, pictureSize } from "../testing/picture.ts";
import { plimsollUp, type Up } from "../testing/plimsoll-up.ts";

const missing = missingCommands("chromium", "docker-registry", "skopeo");
const api = "secure/vulnerability/v1";

describe.skipIf(missing.length > 0)(`the tour (needs ${missing})`, { timeout: 150_000 }, () => {
  const stack = new AsyncDisposableStack();
  let up: Up;
  let page: Page;
  let typedIn: string;
  beforeAll(async () => {
    const registry = stack.use(await openDockerRegistry({ isLocked: false }));
    typedIn = registry.push("shop/api:1", smallImage());
    up = stack.use(await plimsollUp(archiveOf(shopImage())));
    const browser = stack.use(await openBrowser());
    const context = await browser.newContext({ baseURL: `${up.url}/`, viewport: pictureSize, reducedMotion: "reduce" });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    page = await context.newPage();
  }, 240_000);
  afterAll(async () => stack.disposeAsync());

  const drawer = () => page.getByRole("dialog");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const ask = async <T>(path: string): Promise<T> => (await page.context().request.get(`${api}/${path}`)).json();
  const resultId = () => /\/results\/(\w+)/.exec(page.url())?.[1];

  it("1: signs in with the one-time password, and chooses another", async () => {
    await page.goto("");
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill(up.oneTimePassword);
    await picture(page, "tour/1-sign-in");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Password now").fill(up.oneTimePassword);
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByLabel("New password, once more").fill(password);
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByRole("heading", { name: "Worst now" }).waitFor();
  });

  it("2: finds the worst image on the first page", async () => {
    const worst = page.getByRole("region", { name: "Worst now" }).getByRole("link", { name: "shop.tar" });
    await worst.waitFor();
    await picture(page, "tour/2-worst-image");
    await worst.click();
    await page.getByRole("heading", { level: 1, name: "shop.tar" }).waitFor();
    await page.getByText("Do this first").waitFor();
    await picture(page, "tour/3-what-to-do");
  });

  it("3: finds the layer that brought the worst finding", async () => {
    const { layers, packages, vulnerabilities } = await ask<FullResult>(`results/${resultId()}`);
    const critical = Object.values(vulnerabilities).filter(({ severity }) => severity === "critical");
    const indexes = critical.map(({ packageRef }) => layers[packages[packageRef]?.layerRef ?? ""]?.index);
    await page.getByRole("tab", { name: "Layers 3" }).click();
    const title = await page.getByRole("heading", { name: /brought the worst finding/ }).textContent();
    const index = Number(/Layer (\d)/.exec(title ?? "")?.[1]);
    expect(indexes).toContain(index);
    await picture(page, "tour/4-layers");
    const blocks = page.getByRole("list", { name: "Layers, the lowest first" }).getByRole("listitem");
    await blocks.nth(index).getByRole("button").click();
    await page.getByText(`Only what layer ${index} brought`).waitFor();
  });

  it("4: finds the command that fixes it, and copies it", async () => {
    await page.getByRole("tab", { name: /^Vulnerabilities/ }).click();
    await page.getByRole("table", { name: "Vulnerabilities" }).getByRole("row").nth(1).click();
    await drawer().getByText("RUN pip install -r requirements.txt").waitFor();
    await drawer().getByText("See all of them").waitFor();
    await drawer().getByRole("button", { name: "Copy command" }).first().click();
    await picture(page, "tour/5-the-command");
    const { data } = await ask<Recommendations>(`results/${resultId()}/recommendations`);
    const fixes = data.flatMap((one) => one.fixes).filter(({ kind }) => kind === "command");
    expect(fixes.map(({ text }) => text)).toContain(await copied());
    expect(await copied()).toMatch(/^pip install /);
    await page.keyboard.press("Escape");
    await drawer().waitFor({ state: "hidden" });
  });

  it("5: has an image scanned whose name is typed in", async () => {
    await page.getByRole("link", { name: "Scan now" }).click();
    await page.getByLabel("Image", { exact: true }).fill(typedIn);
    await picture(page, "tour/6-scan-now");
    await page.getByRole("button", { name: "Scan it" }).click();
    await page.waitForURL(/\/results\//, { timeout: 60_000 });
    await page.getByRole("heading", { level: 1, name: typedIn }).waitFor();
    const { packages } = await ask<FullResult>(`results/${resultId()}`);
    await page.getByRole("tab", { name: `Packages ${Object.keys(packages).length}` }).waitFor();
  });

  it("6: makes a token for the CI, and the line that comes with it works", async () => {
    await page.getByRole("link", { name: "API tokens" }).click();
    await page.getByRole("button", { name: "Make a token" }).click();
    await drawer().getByLabel("Name").fill("our pipeline");
    await drawer().getByRole("button", { name: "Make it" }).click();
    const told = page.getByRole("dialog", { name: "The token" });
    await told.getByRole("button", { name: "Copy the command" }).click();
    const [, token = "", args = ""] = /^SECURE_API_TOKEN=(\S+) plimsoll (.+)$/.exec(await copied()) ?? [];
    await picture(page, "tour/7-token");
    await told.getByRole("button", { name: "I have copied it" }).click();
    const folder = mkdtempSync(join(tmpdir(), "plimsoll-ci-"));
    writeFileSync(join(folder, "api.tar"), archiveOf(smallImage()));
    const asTyped = args.split(" ").map((word) => (word === "IMAGE" ? "api.tar" : word));
    const ran = await runChild({
      args: [...asTyped, "--allow-incomplete"],
      env: { SECURE_API_TOKEN: token },
      cwd: folder,
      timeoutMs: 120_000,
    });
    rmSync(folder, { recursive: true });
    expect(ran.code, ran.stderr).toBe(1);
    await page.getByRole("link", { name: "Pipeline results" }).click();
    await page.getByRole("row", { name: /api\.tar/ }).waitFor();
    await picture(page, "tour/8-pipeline");
  });
});
