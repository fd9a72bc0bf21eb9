import type { Feed } from "../../feed.ts";
import { parseAzurelinuxOval } from "./parse.ts";

/** Documents of Microsoft's repository, by ecosystem (github.com/microsoft/AzureLinuxVulnerabilityData). */
const documents: Readonly<Record<string, string>> = {
  "azurelinux:3": "azurelinux-3.0-oval.xml",
  "mariner:2": "cbl-mariner-2.0-oval.xml",
  "mariner:1": "cbl-mariner-1.0-oval.xml",
};

/** Azure Linux and CBL-Mariner vulnerabilities, fixed and unfixed, by source package. */
export const azurelinuxOval: Feed = {
  id: "azurelinux-oval",
  version: 1,
  title: "Azure Linux vulnerability data (OVAL)",
  licence: "MIT",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) =>
    head.includes("<oval_definitions") && /(Azure Linux|CBL-Mariner) OVAL Definition Generator/.test(head),
  parse: parseAzurelinuxOval,
  upstream: async (_http, wanted) =>
    wanted.flatMap((ecosystem) => {
      const file = Object.hasOwn(documents, ecosystem) ? documents[ecosystem] : undefined;
      if (file === undefined) return [];
      const url = `https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/${file}`;
      return [{ url, file, ecosystems: [ecosystem] }];
    }),
};
