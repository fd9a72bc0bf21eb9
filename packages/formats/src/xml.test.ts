import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { element, textElement, xmlDocument } from "./xml.ts";

describe("xmlDocument", () => {
  it("escapes markup, quotes, line ends and what a terminal obeys", () => {
    const text = xmlDocument(element("a", { b: "\"<&>'\n\u009b", c: null }, [textElement("d", "]]>\u001b\ud800")]));
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a b="&quot;&lt;&amp;&gt;&#39;&#10;&#155;">\n  <d>]]&gt;\ufffd\ufffd</d>\n</a>\n',
    );
  });

  it("is read back as it was meant, whatever the text", () => {
    const anyText = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(anyText, (text) => {
        const seen: string[] = [];
        const parser = new SaxesParser();
        parser.on("attribute", ({ value }) => seen.push(value));
        parser.on("text", (value) => seen.push(value));
        parser.write(xmlDocument(element("a", { b: text }, text))).close();
        const kept = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
        expect(seen.filter((value) => value !== "\n")).toEqual(kept === "\n" ? ["\n"].slice(1) : [kept, kept]);
      }),
    );
  });
});
