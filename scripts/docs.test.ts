import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedPages, readErrors } from "./docs.ts";

const root = join(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/*.md", "bench/**/*.md"], { cwd: root }).sort();
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("generated pages", async () => {
  for (const [path, text] of await generatedPages(root)) {
    it(`${path} is current (else: npm run gen:docs)`, () => {
      expect(existsSync(join(root, path)) ? read(path) : "").toBe(text);
    });
  }
});

describe("error tables", async () => {
  const rooms = await readErrors(root);

  it("use each code once", () => {
    const codes = rooms.flatMap(({ rows }) => rows.map(([code]) => code));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it("keep to SCREAMING_SNAKE codes, one line, exit codes 2 and 3", () => {
    const bad = rooms.flatMap(({ rows }) =>
      rows.filter(
        ([code, { message, next, exit }]) =>
          !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(code) || /\n/.test(message + next) || ![2, 3].includes(exit),
      ),
    );
    expect(bad).toEqual([]);
  });
});

describe("the pages", () => {
  it.each(pages)("%s has no dead link", (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
    const dead = links.filter((link) => !/^(https?|mailto):/.test(link) && !leadsSomewhere(page, link));
    expect(dead).toEqual([]);
  });

  it("README opens with exactly two commands: the main job and the tests", () => {
    const firstBlock = /^```sh\n([\s\S]*?)^```$/m.exec(read("README.md"))?.[1] ?? "";
    const commands = firstBlock.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(commands.map((line) => line.replace(/\s+#.*$/, ""))).toEqual(["bin/plimsoll up", "npm test"]);
    expect(read("README.md").indexOf("```sh"), "before any other section").toBeLessThan(
      read("README.md").indexOf("\n## "),
    );
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#", 2);
  const target = path === "" ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).has(anchor);
}

/** Heading anchors as code hosts make them: lower case, words joined by dashes. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? "");
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}
