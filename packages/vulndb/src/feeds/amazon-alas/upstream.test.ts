import type { HttpClient, HttpResponse } from "@plimsoll/kit";
import { describe, expect, it } from "vitest";
import { amazonAlas } from "./feed.ts";
import { lineOf } from "./topic.ts";

const mirror = "https://cdn.amazonlinux.com/2/core/2.0/x86_64/0123abcd";
const repomd = `<repomd><data type="primary"><location href="repodata/p.xml.gz"/></data>
<data type="updateinfo"><checksum>1</checksum><location href="repodata/abc-updateinfo.xml.gz"/></data></repomd>`;

/** Answers by URL; 404 for others. */
function recorded(answers: Readonly<Record<string, string>>): HttpClient {
  return {
    request: async ({ url }) => {
      const text = answers[url];
      const response: Pick<HttpResponse, "status" | "text" | "discard"> = {
        status: text === undefined ? 404 : 200,
        text: async () => text ?? "",
        discard: () => undefined,
      };
      return response as HttpResponse; // only what the feed asks for
    },
    [Symbol.dispose]: () => undefined,
  };
}

describe("where Amazon's advisories are", () => {
  const list = "https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list";

  it("is said by a mirror list and the repository's index", async () => {
    const http = recorded({ [list]: `${mirror}\n`, [`${mirror}/repodata/repomd.xml`]: repomd });
    expect(await amazonAlas.upstream?.(http, ["amzn:2", "npm"], 0)).toEqual([
      {
        url: `${mirror}/repodata/abc-updateinfo.xml.gz`,
        file: "amzn-2-core-updateinfo.xml.gz",
        ecosystems: ["amzn:2"],
      },
    ]);
  });

  it.each([
    ["no answer", {}],
    ["no mirror", { [list]: "<html>" }],
    ["another scheme", { [list]: "file:///etc/passwd" }],
    ["no advisories", { [list]: mirror, [`${mirror}/repodata/repomd.xml`]: "<repomd/>" }],
  ])("is not known with %s", async (_, answers) => {
    const asked = amazonAlas.upstream?.(recorded(answers), ["amzn:2"], 0);
    await expect(asked).rejects.toMatchObject({ code: "FEED_UNAVAILABLE" });
  });
});

describe("extras of Amazon Linux 2", () => {
  it.each([
    ["amazon-linux-2---php8.0", "8.0.30-1.amzn2", "8.0"],
    ["amazon-linux-2---kernel-5.10", "5.10.1-1.amzn2", "5.10"],
    ["amazon-linux-2---postgresql14", "1:14.2-1.amzn2", "1:14"],
    ["amazon-linux-2---mate-desktop1.x", "1.20.1-1.amzn2", "1"],
    ["amazon-linux-2---php8.0", "1.10.13-1.amzn2", undefined],
    ["amazon-linux-2---php8.0", "8.01-1.amzn2", undefined],
    ["amazon-linux-2---corretto8", "1:1.8.0_345.b01-1.amzn2", undefined],
    ["amazon-linux-2---docker", "20.10-1.amzn2", undefined],
    ["amazon-linux-2", "5.4.16-46.amzn2", undefined],
  ])("%s with %s starts at %s", (collection, fixed, line) => {
    expect(lineOf(collection, fixed)).toBe(line);
  });
});
