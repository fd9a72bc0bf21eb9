import type { Feed } from "../../feed.ts";
import { parseFriendsOfPhp } from "./parse.ts";

/** PHP packages (github.com/FriendsOfPHP/security-advisories): YAML that names affected versions by branch. */
export const friendsofphp: Feed = {
  id: "friendsofphp",
  version: 1,
  title: "FriendsOfPHP security advisories",
  licence: "Unlicense",
  redistributable: true,
  provides: "advisories",
  recognises: ({ head }) => /^branches:/m.test(head) && /^reference: *['"]?composer:\/\//m.test(head),
  parse: parseFriendsOfPhp,
  upstream: async (_http, wanted) => {
    const url = "https://github.com/FriendsOfPHP/security-advisories/archive/refs/heads/master.tar.gz";
    return wanted.includes("composer") ? [{ url, file: "friendsofphp.tar.gz", ecosystems: ["composer"] }] : [];
  },
};
