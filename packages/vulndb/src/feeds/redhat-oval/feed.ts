import type { Feed } from "../../feed.ts";
import { parseRedhatOval } from "./parse.ts";

/** Red Hat's OVAL definitions, v1 (errata) and v2 (errata and unfixed flaws, with what is to become of them). */
export const redhatOval: Feed = {
  id: "redhat-oval",
  version: 1,
  title: "Red Hat Enterprise Linux (OVAL)",
  licence: "CC-BY-4.0 (Red Hat)",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) => head.includes("<oval_definitions") && head.includes("Red Hat OVAL Patch Definition Merger"),
  parse: parseRedhatOval,
  upstream: async (_http, wanted) =>
    wanted.flatMap((ecosystem) => {
      const release = /^rhel:([6-9])$/.exec(ecosystem)?.[1];
      if (release === undefined) return [];
      const name = `rhel-${release}-including-unpatched.oval.xml.bz2`;
      const url = `https://security.access.redhat.com/data/oval/v2/RHEL${release}/${name}`;
      // Red Hat is retiring these documents in favour of CSAF VEX.
      return [{ url, file: name, ecosystems: [ecosystem], optional: true }];
    }),
};
