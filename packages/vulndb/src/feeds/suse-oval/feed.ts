import type { Feed, Upstream } from "../../feed.ts";
import { parseSuseOval } from "./parse.ts";

/** SUSE's OVAL definitions: by CVE (fixed and, in the "-affected" documents, unfixed) and by patch, by binary package. */
export const suseOval: Feed = {
  id: "suse-oval",
  version: 1,
  title: "SUSE and openSUSE (OVAL)",
  licence: "none stated",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) => head.includes("<oval_definitions") && head.includes("Marcus Updateinfo to OVAL Converter"),
  parse: parseSuseOval,
  upstream: async (_http, wanted) => {
    const byFile = Map.groupBy(wanted, documentOf);
    return [...byFile].flatMap(([file, ecosystems]): Upstream[] =>
      file === null ? [] : [{ url: `https://ftp.suse.com/pub/projects/security/oval/${file}`, file, ecosystems }],
    );
  },
};

/** One document speaks for all service packs of a release. */
function documentOf(ecosystem: string): string | null {
  const [, family = "", release = ""] =
    /^(sles|sle-micro|sl-micro|opensuse-leap|opensuse-tumbleweed):(.+)$/.exec(ecosystem) ?? [];
  const major = release.split(".")[0];
  if (family === "sles") return `suse.linux.enterprise.${major}-affected.xml.gz`;
  if (family === "sle-micro") return `suse.linux.enterprise.micro.${major}-affected.xml.gz`;
  if (family === "sl-micro") return `suse.linux.micro.${major}-affected.xml.gz`;
  if (family === "opensuse-leap") return `opensuse.leap.${release}.xml.gz`;
  return family === "" ? null : "opensuse.tumbleweed.xml.gz";
}
