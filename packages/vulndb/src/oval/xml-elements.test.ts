import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../records/read-each.ts";
import { type XmlElement, xmlElements } from "./xml-elements.ts";

async function read(text: string, chunk = 5): Promise<(XmlElement | Fault)[]> {
  async function* chunks() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const found: (XmlElement | Fault)[] = [];
  for await (const element of xmlElements(chunks(), { wanted: new Set(["a", "b"]), until: "list" }))
    found.push(element);
  return found;
}

const last = async (text: string) => (await read(text)).at(-1);

describe("elements of an XML document", () => {
  it("gives the outermost wanted ones, without prefixes", async () => {
    expect(await read('<r><x:a k="1">t<b>ü</b>u</x:a><c><b/></c></r>')).toEqual([
      {
        name: "a",
        attributes: { k: "1" },
        text: "tu",
        children: [{ name: "b", attributes: {}, text: "ü", children: [] }],
      },
      { name: "b", attributes: {}, text: "", children: [] },
    ]);
  });

  it("stops behind the list", async () => {
    expect(await read("<r><list><a/></list><a/><broken")).toHaveLength(1);
  });

  it.each([
    ["not well-formed", "<r><a></b></r>"],
    ["cut", "<r><a>text"],
    ["nothing", ""],
    ["nested too deep", `<r>${"<d>".repeat(200)}`],
    ["entities that grow", '<!DOCTYPE r [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><r><a>&y;</a></r>'],
    ["entities that fetch", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><a>&x;</a></r>'],
  ])("%s ends in a Fault", async (_, text) => {
    expect(await last(text)).toBeInstanceOf(Fault);
  });

  it("does not keep an element without end", async () => {
    expect(await read(`<r><a>${"x".repeat(9 * 2 ** 20)}</a></r>`, 65_536)).toEqual([expect.any(Fault)]);
  });

  it("never throws", async () => {
    const piece = fc.constantFrom(
      "<a>",
      "</a>",
      "<b k='",
      "'>",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "&lt;",
      "&#0;",
      "<?x",
      "?>",
      "t",
      "\0",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        await read(`<r>${pieces.join("")}</r>`);
      }),
    );
  });
});
