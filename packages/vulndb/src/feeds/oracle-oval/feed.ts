import type { Feed } from "../../feed.ts";
import { parseErrataOval } from "../../oval/errata-oval.ts";

/** Oracle Linux security errata (linux.oracle.com/security/oval): fixes by binary package, module streams named. */
export const oracleOval: Feed = {
  id: "oracle-oval",
  version: 1,
  title: "Oracle Linux errata (OVAL)",
  licence: "none stated",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) => head.includes("<oval_definitions") && /com\.oracle\.elsa|Oracle Errata System/.test(head),
  parse: (file) =>
    parseErrataOval(file, {
      feed: "oracle-oval",
      provider: "oracle",
      ids: /^ELSA-\d{4}-\d{1,20}/,
      // Builds for kernel live patching (userspace ksplice) and FIPS modules follow version lines of their own.
      isOtherLine: (version) => /\.ksplice\d|_fips/.test(version),
      ecosystem: ({ platform }) => {
        const release = /^Oracle Linux (\d+)$/.exec(platform)?.[1];
        return release === undefined ? null : `ol:${release}`;
      },
    }),
  upstream: async (_http, wanted) => {
    const ecosystems = wanted.filter((key) => key.startsWith("ol:"));
    const url = "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2";
    return ecosystems.length === 0 ? [] : [{ url, file: "com.oracle.elsa-all.xml.bz2", ecosystems }];
  },
};
