import type { Feed } from "../../feed.ts";
import { parseDebianOval } from "./parse.ts";

/** Debian's OVAL definitions (debian.org/security/oval): fixed flaws only, by source package. The tracker says more. */
export const debianOval: Feed = {
  id: "debian-oval",
  version: 1,
  title: "Debian OVAL definitions",
  licence: "MIT (Debian security tracker data)",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) => head.includes("<oval_definitions") && head.includes("oval:org.debian"),
  parse: parseDebianOval,
};
