/** Settings, flow by flow with the keyboard, against a real server. */
import { missingCommands } from "@plimsoll/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { change, pageOf } from "../testing/as-person.ts";
import { press, tabTo, typeInto } from "../testing/by-keyboard.ts";
import { type Harbour, openHarbour, password } from "../testing/harbour.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium");
const settings = ["registries", "users", "teams", "roles", "zones", "tokens", "feeds", "jobs", "audit", "account"];

describe.skipIf(missing.length > 0)(`settings (needs ${missing})`, () => {
  let harbour: Harbour;
  tellPages(() => harbour);
  let page: Page;
  beforeAll(async () => {
    harbour = await openHarbour({ PLIMSOLL_FEED_SCHEDULE: "off" });
    page = await harbour.signIn();
  }, 180_000);
  afterAll(async () => harbour?.[Symbol.asyncDispose]());

  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const heading = (name: string) => page.getByRole("heading", { name, level: 1, exact: true });

  it("adds a user, tells the password once, gives a role, and disables them", async () => {
    for (const name of ["first", "shop"]) await change(page, "platform/v1/teams", { data: { name } });
    await page.goto("settings/users");
    await press(page, button("Add a user"));
    // What is missing or wrong is said at its field; what was typed stays.
    await typeInto(page, field("User name"), "12345");
    await page.keyboard.press("Enter");
    await page.getByText("spaces, slashes, control characters").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await typeInto(page, field("User name"), "ann@example.org");
    await page.keyboard.press("Enter");
    const told = page.getByRole("dialog", { name: "One-time password of ann@example.org" });
    const secret = await told.locator("code").first().textContent();
    expect(await obstaclesOn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await told.isVisible()).toBe(true);
    await press(page, button("I have copied it"));
    const tried = { username: "ann@example.org", password: secret };
    const signedIn = await (await harbour.stranger()).context().request.post("api/session", { data: tried });
    expect(await signedIn.json()).toMatchObject({ mustChangePassword: true });

    await tabTo(page, field("Team"));
    await page.keyboard.type("shop");
    await tabTo(page, field("Role there"));
    await page.keyboard.type("Advanced");
    await press(page, button("Let in"));
    await page.getByLabel("Role in shop").waitFor();
    const { teams } = await harbour.api<{ teams: { name: string; userRoles: { userName: string; role: string }[] }[] }>(
      page,
      "api/teams",
    );
    expect(teams.find(({ name }) => name === "shop")?.userRoles).toMatchObject([
      { userName: "ann@example.org", role: "ROLE_TEAM_EDIT" },
    ]);
    await tabTo(page, field("May sign in"));
    await page.keyboard.press("Space");
    await press(page, button("Save"));
    await page.getByRole("row", { name: /ann@example.org.*shop: Advanced User.*disabled/ }).waitFor();
    const { data } = await harbour.api<{ data: { email: string; isEnabled: boolean }[] }>(page, "platform/v1/users");
    expect(data.find(({ email }) => email === "ann@example.org")?.isEnabled).toBe(false);
  }, 60_000);

  it("overwrites nothing that somebody else changed meanwhile, and loses nothing", async () => {
    const { data } = await harbour.api<{ data: { id: number; version: number; email: string }[] }>(
      page,
      "platform/v1/users",
    );
    const { id = 0, version = 0 } = data.find(({ email }) => email === "ann@example.org") ?? {};
    await page.goto(`settings/users?open=${id}`);
    await typeInto(page, field("Last name"), "Typed");
    await change(page, `platform/v1/users/${id}`, { method: "PUT", data: { version, firstName: "Changed" } });
    await press(page, button("Save"));
    await page.getByRole("alert").getByText("That was not saved").waitFor();
    expect(await field("Last name").inputValue()).toBe("Typed");
    await page.getByRole("row", { name: /Changed/ }).waitFor();
    await press(page, button("Save"));
    await page.getByRole("row", { name: /ann@example.org.*Typed/ }).waitFor();
    // It is kept: leaving asks nothing, until something is typed again.
    await typeInto(page, field("Last name"), "Again");
    await page.keyboard.press("Escape");
    await press(page, button("Leave without saving"));
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }, 60_000);

  it("asks before it deletes, and names what goes", async () => {
    await page.goto("settings/users");
    await page.getByRole("row", { name: /ann@example.org/ }).focus();
    await page.keyboard.press("Enter");
    await press(page, button("Delete"));
    const asked = page.getByRole("dialog", { name: "Delete ann@example.org?" });
    await asked.getByText("their API tokens and their sessions").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    // The safe way out has the focus.
    await page.keyboard.press("Enter");
    await asked.waitFor({ state: "hidden" });
    await press(page, button("Delete"));
    await press(page, asked.getByRole("button", { name: "Delete" }));
    await page.getByRole("row", { name: /ann@example.org/ }).waitFor({ state: "detached" });
  }, 60_000);

  it("makes a role of permissions, and says what each needs", async () => {
    await page.goto("settings/roles?open=new");
    await typeInto(page, field("Name"), "acceptor");
    await page.getByText("risks.edit · needs risks.read").waitFor();
    await tabTo(page, page.getByLabel("Accept risks"));
    await page.keyboard.press("Space");
    await page.getByText("risks.read · comes with risks.edit").waitFor();
    await press(page, button("Make it"));
    await page.getByRole("row", { name: /acceptor.*your own/ }).waitFor();
    const { data } = await harbour.api<{ data: { name: string; securePermissions: string[] }[] }>(
      page,
      "platform/v1/roles",
    );
    expect(data).toMatchObject([{ name: "acceptor", securePermissions: expect.arrayContaining(["risks.edit"]) }]);
  }, 60_000);

  it("makes a zone, and a team that sees through it", async () => {
    await page.goto("settings/zones?open=new");
    await typeInto(page, field("Name"), "front");
    await typeInto(page, field("Holds where"), "cluster!!");
    await press(page, button("Add"));
    await page
      .getByRole("alert")
      .getByText(/the zone cannot be kept/)
      .waitFor();
    await typeInto(page, field("Holds where"), 'clusterId in ("a")');
    await press(page, button("Add"));
    await page.getByRole("row", { name: /front.*clusterId in/ }).waitFor();
    await page.goto("settings/teams?open=new");
    await typeInto(page, field("Name"), "front people");
    await tabTo(page, field("front"));
    await page.keyboard.press("Space");
    await press(page, button("Add"));
    await page.getByRole("row", { name: /front people.*1 zone/ }).waitFor();
    await page.getByText("Nobody is in this team yet").waitFor();
  }, 60_000);

  it("shows the audit log, narrowed as asked, all of it", async () => {
    await page.goto("settings/audit");
    await typeInto(page, field("Did"), "token.");
    await page.keyboard.press("Enter");
    const filter = encodeURIComponent('action startsWith "token."');
    const { data } = await harbour.api<{ data: { action: string }[] }>(
      page,
      `platform/v1/platform-audit-events?filter=${filter}`,
    );
    expect(data.length).toBeGreaterThan(0);
    expect(data.filter(({ action }) => !action.startsWith("token."))).toEqual([]);
    const table = page.getByRole("table", { name: "Audit log" });
    await expect.poll(() => table.getAttribute("aria-rowcount")).toBe(String(data.length + 1));
    await table.getByRole("row").nth(1).focus();
    await page.keyboard.press("Enter");
    await page
      .getByRole("dialog")
      .getByText(/token:\d+/)
      .waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
  }, 60_000);

  it("loses nothing that was typed: a session that ends, the back button, another window", async () => {
    await page.goto("settings/teams");
    await press(page, button("Add a team"));
    await typeInto(page, field("Name"), "typed with care");
    await page.context().clearCookies();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await typeInto(page, dialog.getByLabel("Password", { exact: true }), password);
    expect(await obstaclesOn(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    expect(await field("Name").inputValue()).toBe("typed with care");

    await page.goBack();
    await page.getByRole("dialog", { name: "Leave what you typed?" }).waitFor();
    await page.keyboard.press("Enter");
    expect(await field("Name").inputValue()).toBe("typed with care");

    // Somebody signs in anew in another window: the first attempt says so, the second is kept.
    await page.context().request.post("api/session", { data: { username: "admin", password } });
    await press(page, button("Add"));
    await page.getByRole("alert").getByText("That was not saved").waitFor();
    await page.waitForLoadState("networkidle");
    await press(page, button("Add"));
    await page.getByRole("row", { name: /typed with care/ }).waitFor();
    expect(await page.getByRole("dialog", { name: "typed with care" }).isVisible()).toBe(true);
  }, 60_000);

  it("shows who only looks what they may see, and no button that does nothing", async () => {
    const viewer = await pageOf(harbour, page, { name: "viewer@example.org", role: "ROLE_TEAM_READ" });
    await viewer.goto("settings/zones");
    await viewer.getByRole("row", { name: /front/ }).waitFor();
    const links = await viewer.getByRole("navigation", { name: "Pages" }).getByRole("link").allTextContents();
    const open = links.map((text) => text.replace(/^\W+/, ""));
    expect(open).toEqual(expect.arrayContaining(["Zones", "API tokens", "Feeds", "Your account"]));
    for (const closed of ["Registries", "Users", "Teams", "Roles", "Jobs", "Audit log", "Scan now"])
      expect(open).not.toContain(closed);
    expect(await viewer.getByRole("button", { name: "Add a zone" }).count()).toBe(0);
    await viewer.getByRole("row", { name: /front/ }).click();
    await viewer.getByRole("dialog", { name: "front" }).getByText('clusterId in ("a")').waitFor();
    expect(await viewer.getByRole("button", { name: /Save|Delete/ }).count()).toBe(0);
    await viewer.goto("settings/feeds");
    await viewer.getByRole("table", { name: "Feeds" }).waitFor();
    expect(await viewer.getByRole("button", { name: "Update now" }).count()).toBe(0);
    await viewer.goto("settings/users");
    await viewer.getByText("This page is not open to you").waitFor();
    expect(await obstaclesOn(viewer)).toEqual([]);
    await viewer.goto("settings/tokens?open=new");
    await viewer.getByLabel("Name", { exact: true }).fill("mine");
    await viewer.getByRole("button", { name: "Make it" }).click();
    await viewer.getByRole("dialog", { name: "The token" }).waitFor();
  }, 60_000);

  it.each([
    ["light", {}],
    ["dark", { dark: true }],
    ["narrow", { width: 390 }],
  ])(
    "is open to everybody: %s",
    async (_, options) => {
      const own = await harbour.signIn(options);
      for (const path of settings) {
        await own.goto(`settings/${path}`);
        await own.getByRole("heading", { level: 1 }).waitFor();
        await own.waitForLoadState("networkidle");
        expect([path, ...(await obstaclesOn(own))]).toEqual([path]);
        const wide = await own.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect([path, wide]).toEqual([path, 0]);
      }
    },
    120_000,
  );

  it("says what failed and goes on when the server is well again", async () => {
    expect(harbour.faults).toEqual([]);
    const broken = {
      status: 500,
      json: { type: "INTERNAL", message: "something went wrong here", details: ["request 1"] },
    };
    await page.route("**/platform/v1/users*", (route) => route.fulfill(broken));
    await page.goto("settings/users");
    await page.getByRole("alert").getByText("The list could not be loaded").waitFor({ timeout: 20_000 });
    expect(await obstaclesOn(page)).toEqual([]);
    await page.unroute("**/platform/v1/users*");
    await press(page, button("Try again"));
    await page.getByRole("row", { name: /admin/ }).waitFor();

    await page.route("**/platform/v1/teams", (route) =>
      route.request().method() === "POST" ? route.fulfill(broken) : route.continue(),
    );
    await page.goto("settings/teams?open=new");
    await typeInto(page, field("Name"), "kept in the form");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("something went wrong here").waitFor();
    expect(await field("Name").inputValue()).toBe("kept in the form");
    await page.unroute("**/platform/v1/teams");
    await press(page, button("Add"));
    await page.getByRole("row", { name: /kept in the form/ }).waitFor();

    // Slowness: rows on their way, in the place where they will be.
    await page.route("**/platform/v1/zones*", async (route) => {
      await new Promise((done) => setTimeout(done, 1500));
      await route.continue();
    });
    await page.goto("settings/zones");
    await page.getByRole("status", { name: "Loading" }).waitFor();
    await heading("Zones").waitFor();
    await page.getByRole("row", { name: /front/ }).waitFor();
    expect(harbour.faults.filter((fault) => !fault.includes("status of 500"))).toEqual([]);
  }, 90_000);
});
