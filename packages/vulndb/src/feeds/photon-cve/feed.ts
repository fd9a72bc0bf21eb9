import type { Feed } from "../../feed.ts";
import { parsePhotonCve } from "./parse.ts";

/** Photon OS's list of CVEs by source package, one document for each release. */
export const photonCve: Feed = {
  id: "photon-cve",
  version: 1,
  title: "Photon OS CVE metadata",
  licence: "none stated",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) => /^\s*\[\s*\{/.test(head) && /"aff_ver"\s*:/.test(head) && /"res_ver"\s*:/.test(head),
  parse: parsePhotonCve,
  upstream: async (_http, wanted) =>
    wanted.flatMap((ecosystem) => {
      const release = /^photon:(\d)$/.exec(ecosystem)?.[1];
      if (release === undefined) return [];
      const file = `cve_data_photon${release}.0.json`;
      return [{ url: `https://packages.vmware.com/photon/photon_cve_metadata/${file}`, file, ecosystems: [ecosystem] }];
    }),
};
