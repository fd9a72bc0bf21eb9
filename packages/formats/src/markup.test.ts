import { describe, expect, it } from "vitest";
import { htmlText, markdownCode, markdownText } from "./markup.ts";

describe("htmlText", () => {
  it("leaves no markup, no quote and nothing a terminal obeys", () => {
    expect(htmlText("<b a=\"1\" c='`'>&\u001b[31m\u202e")).toBe(
      "&#60;b a=&#34;1&#34; c=&#39;&#96;&#39;&#62;&#38;\\u{1b}[31m\\u{202e}",
    );
  });
});

describe("markdownText", () => {
  it.each([
    ["a|b\nc", "a&#124;b c"],
    ["[x](javascript:1)", "&#91;x&#93;&#40;javascript&#58;1&#41;"],
    ["@everyone #1 WWW.example.org", "&#64;everyone &#35;1 WWW&#46;example.org"],
    ["**x** `y` ~~z~~ <i>", "&#42;&#42;x&#42;&#42; &#96;y&#96; &#126;&#126;z&#126;&#126; &#60;i&#62;"],
    ["1.2.3-r1", "1.2.3-r1"],
  ])("%j becomes %s", (text, safe) => expect(markdownText(text)).toBe(safe));

  it("is empty for nothing, as a code span too", () => expect(markdownCode("")).toBe(""));
});
