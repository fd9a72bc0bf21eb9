import { missingCommands } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obstaclesOn } from "../testing/accessible.ts";
import { type Harbour, openHarbour, password } from "../testing/harbour.ts";
import { tellPages } from "../testing/tell-pages.ts";

const missing = missingCommands("chromium");

describe.skipIf(missing.length > 0)(`the frame (needs ${missing})`, () => {
  let harbour: Harbour;
  tellPages(() => harbour);
  beforeAll(async () => {
    harbour = await openHarbour();
  }, 180_000);
  afterAll(async () => harbour?.[Symbol.asyncDispose]());

  it("lets the administrator in with the one-time password, and makes them change it first", async () => {
    const page = await harbour.stranger();
    await page.goto("pipeline");
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill("not this one");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("That did not work");
    await page.getByLabel("Password", { exact: true }).fill(harbour.oneTimePassword);
    await page.keyboard.press("Enter");
    await page.getByLabel("Password now").fill(harbour.oneTimePassword);
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByLabel("New password, once more").fill(`${password}?`);
    await page.getByText("It is not the same").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await page.getByLabel("New password, once more").fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Pipeline results" }).waitFor();
    // Nothing was scanned yet: what would be here, and how it comes.
    await page.getByText("No pipeline has sent a scan yet").waitFor();
    expect(await obstaclesOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Menu of admin" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Plimsoll" }).waitFor();
    expect(harbour.faults).toEqual([]);
  });

  // A machine that lost its network, or never had one, with the server on it: browsers then say that they are offline.
  it("asks the server whatever the browser thinks of being online", async () => {
    const page = await harbour.stranger();
    await page.goto("settings/tokens");
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByText("You have no token").waitFor();
    await page.evaluate(() => dispatchEvent(new Event("offline")));
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByLabel("Name", { exact: true }).fill("a ship without a wire");
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("row", { name: /a ship without a wire/ }).waitFor();
    expect(harbour.faults).toEqual([]);
  });
});
