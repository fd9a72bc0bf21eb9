import type { Feed } from "../../feed.ts";
import { parseErrataOval } from "../../oval/errata-oval.ts";

/** Photon OS advisories as OVAL definitions: fixes by binary package. */
export const photonOval: Feed = {
  id: "photon-oval",
  version: 1,
  title: "Photon OS advisories (OVAL)",
  licence: "none stated",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) => head.includes("<oval_definitions") && head.includes("Photon OS OVAL Patch definition"),
  parse: (file) =>
    parseErrataOval(file, {
      feed: "photon-oval",
      provider: "photon",
      ids: /^PHSA-[\d:.-]{1,60}\d/,
      // PHSA-2020:00001 means another advisory in each release's document.
      idOf: (id, platforms) => `${id}-${platforms.map(releaseOf).find((release) => release !== undefined) ?? ""}`,
      ecosystem: ({ platform }) => {
        const release = releaseOf(platform);
        return release === undefined ? null : `photon:${release}`;
      },
    }),
};

function releaseOf(platform: string): string | undefined {
  return /^Photon (\d{1,4})$/.exec(platform)?.[1];
}
