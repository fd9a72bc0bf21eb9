/** The pages of docs/ that are written from the code's own tables (`npm run gen:docs`). */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { noticeText, readStarterFeeds } from "./notice.ts";

type CatalogerRow = { readonly name: string; readonly version: number; readonly tags: readonly string[] };
type FeedRow = {
  readonly id: string;
  readonly title: string;
  readonly provides: string;
  readonly licence: string;
  readonly redistributable: boolean;
};
type ErrorRow = { readonly message: string; readonly next: string; readonly exit: number; readonly status: number };
type RoomErrors = { readonly room: string; readonly rows: readonly (readonly [code: string, row: ErrorRow])[] };

/** Path under the root → text of every generated page. */
export async function generatedPages(root: string): Promise<ReadonlyMap<string, string>> {
  const catalogers = await readList<CatalogerRow>(root, "packages/catalog/src/catalogers.ts", "catalogers");
  const feeds = await readList<FeedRow>(root, "packages/vulndb/src/feeds.ts", "feeds");
  return new Map([
    ["docs/errors.md", errorsPage(await readErrors(root))],
    ["docs/catalogers.md", catalogersPage(catalogers)],
    ["docs/feeds.md", feedsPage(feeds)],
    ["docs/operation.md", await operationPage(root)],
    ["NOTICE", noticeText(readStarterFeeds(root), termsOf(feeds))],
  ]);
}

/** A page that people write, but for the table of settings. */
async function operationPage(root: string): Promise<string> {
  const path = join(root, "docs/operation.md");
  const module = await import(pathToFileURL(join(root, "apps/server/src/settings/help.ts")).href);
  const between = /(<!-- settings: .* -->\n)[\s\S]*(<!-- \/settings -->)/;
  return readFileSync(path, "utf8").replace(between, (_, begin, end) => `${begin}\n${module.settingsTable()}\n${end}`);
}

function termsOf(feeds: readonly FeedRow[]): ReadonlyMap<string, string> {
  return new Map(feeds.filter(({ redistributable }) => redistributable).map(({ id, licence }) => [id, licence]));
}

async function readList<Row>(root: string, path: string, name: string): Promise<readonly Row[]> {
  const module = (await import(pathToFileURL(join(root, path)).href)) as Record<string, readonly Row[]>;
  return module[name] ?? [];
}

/** Every error table: what a room's `errors.ts` exports under a name that ends in `Errors`. */
export async function readErrors(root: string): Promise<readonly RoomErrors[]> {
  const paths = globSync("{packages,apps}/*/src/errors.ts", { cwd: root }).sort();
  return Promise.all(
    paths.map(async (path) => {
      const module = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
      const tables = Object.entries(module).filter(([name, value]) => name.endsWith("Errors") && isTable(value));
      const rows = tables.flatMap(([, table]) => Object.entries(table as Record<string, ErrorRow>)).sort(byCode);
      return { room: path.split("/")[1] ?? path, rows };
    }),
  );
}

function errorsPage(rooms: readonly RoomErrors[]): string {
  const head = ["code", "message", "what to do next", "exit", "HTTP"];
  const sections = rooms.map(({ room, rows }) => {
    const lines = rows.map(([code, row]) => [
      `\`${code}\``,
      row.message,
      row.next,
      String(row.exit),
      String(row.status),
    ]);
    return [`## ${room}`, "", ...table(head, lines), ""].join("\n");
  });
  return ["# Errors", "", ...intro, "", ...sections].join("\n");
}

function catalogersPage(catalogers: readonly CatalogerRow[]): string {
  const rows = catalogers.map(({ name, version, tags }) => [`\`${name}\``, String(version), tags.join(", ")]);
  return [
    "# Catalogers",
    "",
    "What finds packages, in the order of their list.",
    written,
    "",
    ...table(["name", "version", "tags"], rows),
    "",
  ].join("\n");
}

function feedsPage(feeds: readonly FeedRow[]): string {
  const rows = [...feeds]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((feed) => [`\`${feed.id}\``, feed.title, feed.provides, feed.licence, feed.redistributable ? "yes" : "no"]);
  const head = ["id", "feed", "gives", "terms", "may be part of the starter knowledge"];
  return ["# Feeds", "", "Where the vulnerability database comes from.", written, "", ...table(head, rows), ""].join(
    "\n",
  );
}

const written = "This page is written by `npm run gen:docs`; a test keeps it current.";

const intro = [
  "Every error has a code that does not change, a message of one line and a line that says what to do next. `{name}` is",
  "filled in. Exit codes are explained in the [README](../README.md#exit-codes); HTTP is the status of the same error at",
  "the API. This page is written by `npm run gen:docs` from the tables of the packages; a test keeps it current.",
];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => "---"), ...rows].map(tableLine);
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function byCode([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
