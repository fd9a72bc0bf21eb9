/** Settings of registries, tokens, jobs, feeds and one's own account, flow by flow with the keyboard, against a real server. */
import type { Job } from "@plimsoll/contract";
import { missingCommands } from "@plimsoll/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { change } from "../testing/as-person.ts";
import { press, typeInto } from "../testing/by-keyboard.ts";
import { type Harbour, openHarbour, password } from "../testing/harbour.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium");

describe.skipIf(missing.length > 0)(`settings of work (needs ${missing})`, () => {
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

  it("keeps a registry credential and never shows its secret", async () => {
    await page.goto("settings/registries");
    await page.getByText("There is no registry credential yet").waitFor();
    await press(page, button("Add a credential"));
    await typeInto(page, field("Registry"), "registry.invalid/team");
    await typeInto(page, field("User"), "robot");
    await typeInto(page, field("Password"), "correct-horse-battery");
    await press(page, button("Test"));
    await page.getByRole("alert").getByText("The registry does not let it in").waitFor();
    await press(page, button("Add it"));
    await page.getByRole("row", { name: /registry.invalid\/team.*robot/ }).focus();
    await page.keyboard.press("Enter");
    await field("Enter another login").waitFor();
    expect(await page.content()).not.toContain("correct-horse-battery");
    expect(await obstaclesOn(page)).toEqual([]);
    // A second one for the same place is refused at its field.
    await page.goto("settings/registries?open=new");
    await typeInto(page, field("Registry"), "registry.invalid/team");
    await typeInto(page, field("User"), "robot");
    await typeInto(page, field("Password"), "x");
    await page.keyboard.press("Enter");
    await page.getByText(/there is a registry credential .* already/).waitFor();
    await press(page, button("Cancel"));
    await press(page, button("Leave without saving"));
    await page.getByRole("row", { name: /registry.invalid\/team/ }).focus();
    await page.keyboard.press("Enter");
    await press(page, button("Delete"));
    await press(
      page,
      page.getByRole("dialog", { name: /^Delete the credential/ }).getByRole("button", { name: "Delete" }),
    );
    await page.getByText("There is no registry credential yet").waitFor();
  }, 60_000);

  it("makes a token with the line to paste, and revokes it", async () => {
    await page.goto("settings/tokens");
    await press(page, button("Make a token"));
    await typeInto(page, field("Name"), "shop's pipeline");
    await press(page, button("Make it"));
    const told = page.getByRole("dialog", { name: "The token" });
    await told.waitFor();
    const [token = "", line] = await told
      .locator("code:not(:text('SECURE_API_TOKEN')), code:text('plimsoll scan')")
      .allTextContents();
    expect(token).toMatch(/^plm_/);
    expect(line).toBe(`SECURE_API_TOKEN=${token} plimsoll scan IMAGE --apiurl ${harbour.url}`);
    expect(await obstaclesOn(page)).toEqual([]);
    await press(page, button("I have copied it"));
    const asks = async () =>
      (await fetch(`${harbour.url}/api/identity/context`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await asks()).toBe(200);
    expect(await page.content()).not.toContain(token);
    await press(page, button("Revoke shop's pipeline"));
    await press(page, page.getByRole("dialog", { name: /Revoke the token/ }).getByRole("button", { name: "Revoke" }));
    await page.getByText("You have no token").waitFor();
    expect(await asks()).toBe(401);
  }, 60_000);

  it("gives a team's program a token of its own", async () => {
    await page.goto("settings/tokens?open=program");
    await typeInto(page, field("Name"), "cluster scanner");
    await press(page, button("Add it"));
    await press(page, button("I have copied it"));
    await page.getByRole("row", { name: /cluster scanner.*Scanner.*never/ }).waitFor();
    await press(page, button("Delete cluster scanner"));
    await press(
      page,
      page.getByRole("dialog", { name: /Delete the service account/ }).getByRole("button", { name: "Delete" }),
    );
    await page.getByRole("row", { name: /cluster scanner/ }).waitFor({ state: "detached" });
  }, 60_000);

  it("retries and forgets a job that failed", async () => {
    const asked = await change<{ jobId: string }>(page, "secure/vulnerability/v1/scan-now", {
      data: { image: "127.0.0.1:1/shop:1" },
    });
    await page.goto(`settings/jobs?open=${asked.jobId}`);
    await page.getByRole("region", { name: "What went wrong" }).waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    const job = () => harbour.api<Job>(page, `secure/vulnerability/v1/jobs/${asked.jobId}`);
    const before = await job();
    await press(page, button("Do it anew"));
    // It failed before too: only its version tells that it was done anew.
    await expect
      .poll(async () => {
        const { state, version } = await job();
        return state === "failed" && version > before.version;
      })
      .toBe(true);
    await page.reload();
    await press(page, button("Delete"));
    await press(page, page.getByRole("dialog", { name: /Forget job/ }).getByRole("button", { name: "Delete" }));
    await page.goto("settings/jobs?state=failed&name=scan-image");
    await page.getByText("No job is like that").waitFor();
  }, 60_000);

  it("shows every feed as the API tells it, and follows an update", async () => {
    await page.goto("settings/feeds");
    const { feeds } = await harbour.api<{ feeds: { title: string }[] }>(page, "secure/vulnerability/v1/feeds");
    const table = page.getByRole("table", { name: "Feeds" });
    await expect.poll(() => table.getAttribute("aria-rowcount")).toBe(String(feeds.length + 1));
    await press(page, button("Update now"));
    await page.getByRole("status").getByText("The update").waitFor();
    const job = new URL(page.url()).searchParams.get("job");
    await change(page, `secure/vulnerability/v1/jobs/${job}/cancel`).catch(() => undefined);
    await page.reload();
    await page.getByText(/The update (cancelled|is being cancelled|failed)/).waitFor();
  }, 60_000);

  it("ends another session of one's own, and changes the password", async () => {
    const other = await harbour.signIn();
    await page.goto("settings/account");
    const ends = button(/End the session from/);
    await ends.first().waitFor();
    for (let left = await ends.count(); left > 0; left--) {
      await press(page, ends.first());
      await press(
        page,
        page.getByRole("dialog", { name: "End this session?" }).getByRole("button", { name: "End", exact: true }),
      );
      await expect.poll(() => ends.count()).toBe(left - 1);
    }
    await expect
      .poll(async () => (await harbour.api<{ sessions: unknown[] }>(page, "api/sessions")).sessions.length)
      .toBe(1);
    expect((await other.context().request.get("api/users/me")).status()).toBe(401);
    await typeInto(page, field("Password now"), password);
    await typeInto(page, field("New password"), `${password}!`);
    await typeInto(page, field("New password, once more"), `${password}!`);
    await page.keyboard.press("Enter");
    await page.getByText("Your password is changed").waitFor();
    await change(page, "api/users/me/password", {
      method: "PUT",
      data: { oldPassword: `${password}!`, newPassword: password },
    });
  }, 60_000);
});
