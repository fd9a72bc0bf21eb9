import { rmSync } from "node:fs";
import { type ChildResult, dataFolder, launchServer, runChild } from "@plimsoll/testkit";
import { type Browser, type BrowserContext, openBrowser, type Page } from "./browser.ts";

export const password = "fit to sail, and long enough";

/** A real server with its pages, a real browser in front of it. */
export interface Harbour extends AsyncDisposable {
  readonly url: string;
  /** As the first start told it; still good until {@link Harbour.signIn}. */
  readonly oneTimePassword: string;
  /** The token that {@link Harbour.scan} scans with. */
  readonly scannerToken: string;
  /** A page of its own, signed in as the administrator; failures of scripts and of the page's policy end up in `faults`. */
  signIn(options?: PageOptions): Promise<Page>;
  /** A page of its own, of a stranger. */
  stranger(options?: PageOptions): Promise<Page>;
  /** What the API says to the page's own user. */
  api<T>(page: Page, path: string): Promise<T>;
  /** `plimsoll scan …` sent to this server. */
  scan(...args: readonly string[]): Promise<ChildResult>;
  /** Always empty: scripts that failed, things that the page's policy refused. */
  readonly faults: readonly string[];
  /** All that were opened. */
  readonly pages: readonly Page[];
  /** What pages asked to be changed, and the status of each answer. */
  readonly changes: readonly string[];
}

/** What {@link Harbour} tells of its pages. */
type Log = { readonly [Name in "faults" | "changes"]: string[] } & { readonly pages: Page[] };

export interface PageOptions {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** Starts both; `settings`: variables of the server beside its data and address. */
export async function openHarbour(settings: Readonly<Record<string, string>> = {}): Promise<Harbour> {
  await using stack = new AsyncDisposableStack();
  const data = dataFolder();
  stack.defer(() => rmSync(data, { recursive: true, force: true }));
  const { url, told } = stack.adopt(await launchServer(data, settings), async ({ stop }) => void (await stop()));
  const browser = stack.adopt(await openBrowser(), (opened) => opened.close());
  const log: Log = { faults: [], pages: [], changes: [] };
  const { password: oneTimePassword = "", "scanner token": scannerToken = "" } = told;
  let isChanged = false;
  const held = stack.move();
  const stranger = async (options: PageOptions = {}) => openPage(await contextOf(browser, url, options), log);
  return {
    url,
    oneTimePassword,
    scannerToken,
    ...log,
    stranger,
    signIn: async (options = {}) => {
      const page = await stranger(options);
      if (!isChanged) await choosePassword(page.context(), oneTimePassword);
      isChanged = true;
      await post(page.context(), "POST", "api/session", { username: "admin", password });
      return page;
    },
    api: async <T>(page: Page, path: string) => {
      const answer = await page.context().request.get(path.replace(/^\//, ""));
      if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    scan: (...args) =>
      runChild({
        args: ["scan", ...args, "--apiurl", url, "--allow-incomplete"],
        env: { SECURE_API_TOKEN: scannerToken },
        timeoutMs: 120_000,
      }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function contextOf(browser: Browser, url: string, options: PageOptions): Promise<BrowserContext> {
  const { dark = false, width = 1280, height = 800 } = options;
  return browser.newContext({
    baseURL: `${url}/`,
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
}

async function openPage(context: BrowserContext, { faults, pages, changes }: Log): Promise<Page> {
  const page = await context.newPage();
  pages.push(page);
  page.on("request", (request) => {
    if (request.method() !== "GET") changes.push(`${request.method()} ${request.url()}`);
  });
  page.on("response", (answer) => {
    const request = answer.request();
    if (request.method() !== "GET") changes.push(`${answer.status()} for ${request.method()} ${request.url()}`);
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // That somebody is not signed in, or that there is no such thing, is an answer and no fault of the page.
    const isAnswer = /the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !isAnswer) faults.push(message.text());
  });
  return page;
}

async function choosePassword(context: BrowserContext, oneTime: string): Promise<void> {
  const { csrfToken } = await post(context, "POST", "api/session", { username: "admin", password: oneTime });
  const change = { oldPassword: oneTime, newPassword: password };
  await post(context, "PUT", "api/users/me/password", change, csrfToken);
  await context.clearCookies();
}

// biome-ignore lint/complexity/useMaxParams: a request has these parts
async function post(
  { request }: BrowserContext,
  method: "POST" | "PUT",
  path: string,
  data: object,
  csrfToken = "",
): Promise<{ csrfToken: string }> {
  const answer = await request.fetch(path, { method, data, headers: { "x-csrf-token": csrfToken } });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return await answer.json();
}
