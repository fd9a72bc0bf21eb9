import type { Feed } from "../../feed.ts";
import { parseFedoraUpdates } from "./parse.ts";

/** Fedora's security updates as its update system Bodhi lists them, by source package. */
export const fedoraUpdates: Feed = {
  id: "fedora-updates",
  version: 1,
  title: "Fedora updates (Bodhi)",
  licence: "none stated",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) => /"alias"\s*:\s*"FEDORA-/.test(head) && /"autokarma"\s*:/.test(head),
  parse: parseFedoraUpdates,
};
