/** Scan Now with the keyboard alone: a real server that pulls from a real docker-registry, which wants a login. */
import {
  alpineLayer,
  type DockerRegistry,
  imageOf,
  missingCommands,
  openDockerRegistry,
  robot,
  startTestRegistry,
} from "@plimsoll/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { pageOf } from "../testing/as-person.ts";
import { press, tabTo, typeInto } from "../testing/by-keyboard.ts";
import { type Harbour, openHarbour } from "../testing/harbour.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium", "docker-registry", "skopeo");
const image = imageOf([
  alpineLayer("openssl 3.1.0-r0"),
  [{ path: "srv/node_modules/lodash/package.json", body: '{"name":"lodash","version":"4.17.20"}' }],
]);

describe.skipIf(missing.length > 0)(`Scan Now (needs ${missing})`, () => {
  const stack = new AsyncDisposableStack();
  let harbour: Harbour;
  tellPages(() => harbour);
  let registry: DockerRegistry;
  let page: Page;
  let name: string;
  beforeAll(async () => {
    registry = stack.use(await openDockerRegistry({ isLocked: true }));
    name = registry.push("team/app:1", image);
    harbour = stack.use(
      await openHarbour({ PLIMSOLL_ALLOW_PRIVATE_NETWORKS: "127.0.0.0/8", PLIMSOLL_FEED_SCHEDULE: "off" }),
    );
    page = await harbour.signIn();
  }, 180_000);
  afterAll(async () => stack.disposeAsync());

  const button = (text: string) => page.getByRole("button", { name: text, exact: true });
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const scan = async (text: string) => {
    await typeInto(page, field("Image"), text);
    await page.keyboard.press("Enter");
  };

  it("says what is wrong with a name while it is typed", async () => {
    await page.goto("scan");
    await page.getByText("You have had nothing scanned yet").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await typeInto(page, field("Image"), "Shop/App:1");
    await page.keyboard.press("Tab");
    await page.getByText("repository names are lower case").waitFor();
    await typeInto(page, field("Image"), "alpine");
    await page.getByText("Pulled as docker.io/library/alpine:latest").waitFor();
    expect(await page.getByText("This is no image name").count()).toBe(0);
  }, 60_000);

  it("leads from a login that is missing to the result, layer by layer", async () => {
    await page.goto("scan");
    await scan(name);
    // A registry with an authority of its own is not trusted: the way to mend it is one link away, filled in.
    const add = page.getByRole("link", { name: `Add a credential for ${registry.host}/team/app` });
    await add.waitFor({ timeout: 20_000 });
    expect(page.url()).toContain("job=");
    expect(await obstaclesOn(page)).toEqual([]);
    await press(page, add);
    await page.getByRole("dialog", { name: "Add a registry credential" }).waitFor();
    expect(await field("Registry").inputValue()).toBe(`${registry.host}/team/app`);
    await typeInto(page, field("User"), robot.user);
    await typeInto(page, field("Password"), "wrong horse");
    await press(page, button("Test"));
    await page
      .getByRole("alert")
      .getByText(/certificate/i)
      .first()
      .waitFor();
    await typeInto(page, field("Certificate of the registry's own authority"), registry.authority);
    await press(page, button("Test"));
    await page
      .getByRole("alert")
      .getByText(/refuses the registry credential/)
      .waitFor();
    await typeInto(page, field("Password"), robot.password);
    await press(page, button("Test"));
    await page.getByText("The registry takes this login.").waitFor();
    await page.getByText(/The image is there: sha256:/).waitFor();
    await press(page, button("Add it"));
    await press(page, page.getByRole("link", { name: `Scan ${name} again` }));
    expect(await field("Image").inputValue()).toBe(name);
    await tabTo(page, field("Platform"));
    await page.keyboard.type("linux/amd64");
    await press(page, button("Scan it"));
    await page.waitForURL(/\/results\/[0-9a-f]{32}/, { timeout: 30_000 });
    const id = /results\/([0-9a-f]{32})/.exec(page.url())?.[1];
    const result = await harbour.api<{ packages: object }>(page, `secure/vulnerability/v1/results/${id}`);
    expect(Object.keys(result.packages)).toHaveLength(2);
    // Back leads to the scan, which stays where it is, and is in the list.
    await page.goBack();
    await page.getByText("Done: 2 packages").waitFor();
    await page.getByRole("region", { name: "The scan" }).getByRole("link", { name: "Open the result" }).waitFor();
    await page.getByRole("row", { name: /team\/app:1.*done/ }).waitFor();
    expect(harbour.faults).toEqual([]);
  }, 120_000);

  it("tells a login that is missing from a certificate that is not trusted", async () => {
    await using locked = await startTestRegistry({ auth: { mode: "basic", user: "u", password: "p" } });
    await page.goto("scan");
    await scan(locked.push("private/shop", "1", image));
    await page
      .getByRole("alert")
      .getByText(/no registry credential here covers it/)
      .waitFor({ timeout: 20_000 });
    await page.getByRole("link", { name: `Add a credential for ${locked.host}/private/shop` }).waitFor();
  }, 60_000);

  it("goes on following after a reload, and cancels", async () => {
    await using slow = await startTestRegistry();
    const shown = slow.push("slow/app", "1", image);
    slow.addFault({ match: /\/blobs\//, kind: "stall", keepBytes: 4 });
    await page.goto("scan");
    await scan(shown);
    await button("Cancel").waitFor();
    const address = page.url();
    await page.reload();
    expect(page.url()).toBe(address);
    await page.getByRole("heading", { name: shown }).waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await press(page, button("Cancel"));
    await page.getByText("It was cancelled; nothing was kept.").waitFor({ timeout: 20_000 });
    await page.getByRole("row", { name: /slow\/app:1.*cancelled/ }).waitFor();
  }, 60_000);

  it("keeps the name that was typed when the server fails for a moment", async () => {
    const broken = { status: 503, json: { type: "STORE_AWAY", message: "the database does not answer", details: [] } };
    await page.goto("scan");
    await page.route("**/v1/scan-now", (route) => route.fulfill(broken));
    await scan(name);
    await page.getByRole("alert").getByText("The scan was not started").waitFor();
    expect(await field("Image").inputValue()).toBe(name);
    await page.unroute("**/v1/scan-now");
    await press(page, button("Scan it"));
    await page.waitForURL(/\/results\//, { timeout: 30_000 });
    expect(harbour.faults.filter((fault) => !fault.includes("status of 503"))).toEqual([]);
  }, 60_000);

  it("lets who may scan but not see jobs do so, and asks them to find somebody for the login", async () => {
    const standard = await pageOf(harbour, page, { name: "dev@example.org", role: "ROLE_TEAM_STANDARD" });
    await standard.goto("scan");
    await standard.getByLabel("Image", { exact: true }).fill(`${registry.host}/other/app:1`);
    await standard.getByRole("button", { name: "Scan it" }).click();
    await standard.getByText(/Somebody who may change registry credentials can add one/).waitFor({ timeout: 20_000 });
    expect(await standard.getByRole("link", { name: /Add a credential/ }).count()).toBe(0);
    await standard.getByRole("row", { name: /other\/app:1.*failed/ }).waitFor();
    const viewer = await pageOf(harbour, page, { name: "eye@example.org", role: "ROLE_TEAM_READ" });
    await viewer.goto("scan");
    await viewer.getByText("This page is not open to you").waitFor();
  }, 60_000);

  it.each([
    ["dark", { dark: true }],
    ["narrow", { width: 390 }],
  ])(
    "is open to everybody: %s",
    async (_, options) => {
      const own = await harbour.signIn(options);
      await own.goto("scan");
      await own.getByRole("table", { name: "Scans that you asked for" }).waitFor();
      expect(await obstaclesOn(own)).toEqual([]);
      const wide = await own.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide).toBe(0);
    },
    60_000,
  );
});
