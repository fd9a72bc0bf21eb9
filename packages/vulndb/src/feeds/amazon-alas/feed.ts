import type { HttpClient } from "@plimsoll/kit";
import { lookUp } from "@plimsoll/model";
import { vulndbError } from "../../errors.ts";
import type { Feed, Upstream } from "../../feed.ts";
import { parseAlas } from "./parse.ts";

/** Amazon Linux security advisories: `updateinfo.xml` of the repositories, or the same as JSON for each advisory. */
export const amazonAlas: Feed = {
  id: "amazon-alas",
  version: 1,
  title: "Amazon Linux security advisories (ALAS)",
  licence: "none stated",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) =>
    /"ID"\s*:\s*"ALAS[\w.-]*"/.test(head) || (head.includes("<updates>") && /<id>ALAS[\w.-]*<\/id>/.test(head)),
  parse: parseAlas,
  upstream: async (http, wanted) => {
    const lists = wanted.flatMap((ecosystem) =>
      (lookUp(mirrorLists, ecosystem) ?? []).map((list) => ({ ...list, ecosystem })),
    );
    return Promise.all(lists.map((list) => updateinfoOf(http, list)));
  },
};

interface MirrorList {
  readonly url: string;
  readonly file: string;
}

/** Repositories that every installation has; extras of Amazon Linux 2 have lists of their own, one for each topic. */
const mirrorLists: Readonly<Record<string, readonly MirrorList[]>> = {
  "amzn:2": [
    { url: "https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list", file: "amzn-2-core-updateinfo.xml.gz" },
  ],
  "amzn:2023": [
    {
      url: "https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list",
      file: "amzn-2023-core-updateinfo.xml.gz",
    },
  ],
};

/** A mirror list names the newest repository; its repomd.xml names the advisories' document. Throws FEED_UNAVAILABLE. */
async function updateinfoOf(
  http: HttpClient,
  { url, file, ecosystem }: MirrorList & { readonly ecosystem: string },
): Promise<Upstream> {
  const mirror = (await textAt(http, url)).split("\n")[0]?.trim().replace(/\/?$/, "/") ?? "";
  if (!/^https:\/\/[\w.-]+\/[\w./-]*$/.test(mirror)) throw unavailable(url, "no mirror is named there");
  const index = `${mirror}repodata/repomd.xml`;
  const [, behind = ""] = (await textAt(http, index)).split('<data type="updateinfo">', 2);
  const [block = ""] = behind.slice(0, 2000).split("</data>", 1);
  const path = /<location href="([\w./-]{1,300})"/.exec(block)?.[1];
  if (path === undefined) throw unavailable(index, "no advisories are named there");
  return { url: `${mirror}${path}`, file, ecosystems: [ecosystem] };
}

async function textAt(http: HttpClient, url: string): Promise<string> {
  const response = await http.request({ url });
  if (response.status === 200) return response.text(1_000_000);
  response.discard();
  throw unavailable(url, `answered ${response.status}`);
}

function unavailable(url: string, reason: string): Error {
  return vulndbError("FEED_UNAVAILABLE", { fields: { url, reason } });
}
