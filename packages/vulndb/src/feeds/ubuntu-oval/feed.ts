import { lookUp } from "@plimsoll/model";
import type { Feed } from "../../feed.ts";
import { parseUbuntuOval } from "./parse.ts";

/** Releases whose OVAL documents go by code name (wiki.ubuntu.com/Releases). */
const codenames: Readonly<Record<string, string>> = {
  "14.04": "trusty",
  "16.04": "xenial",
  "18.04": "bionic",
  "20.04": "focal",
  "22.04": "jammy",
  "24.04": "noble",
  "24.10": "oracular",
  "25.04": "plucky",
  "25.10": "questing",
};

/**
 * Ubuntu security notices (ubuntu.com/security/oval): fixes by binary package, with Ubuntu's priority of each CVE. Not
 * redistributed: the documents state GPL-3, the site CC-BY-SA-4.0, and both would bind what is made of them.
 */
export const ubuntuOval: Feed = {
  id: "ubuntu-oval",
  version: 1,
  title: "Ubuntu security notices (OVAL)",
  licence: "CC-BY-SA-4.0",
  redistributable: false,
  provides: "advisories",
  recognises: ({ head }) => head.includes("<oval_definitions") && /Canonical (USN )?OVAL Generator/.test(head),
  parse: parseUbuntuOval,
  upstream: async (_http, wanted) =>
    wanted.flatMap((ecosystem) => {
      const codename = lookUp(codenames, ecosystem.replace(/^ubuntu:/, ""));
      if (codename === undefined) return [];
      const file = `com.ubuntu.${codename}.usn.oval.xml.bz2`;
      return [{ url: `https://security-metadata.canonical.com/oval/${file}`, file, ecosystems: [ecosystem] }];
    }),
};
