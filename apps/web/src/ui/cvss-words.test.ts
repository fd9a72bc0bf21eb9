import { expect, it } from "vitest";
import { cvssInWords } from "./cvss-words.ts";

it.each([
  [
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    "Can be attacked over the network, easily, without an account, without anybody's help; all confidentiality, all integrity, all availability is lost.",
  ],
  [
    "CVSS:3.0/AV:L/AC:H/PR:L/UI:R/S:C/C:N/I:N/A:L",
    "Can be attacked with a local account, under conditions the attacker does not control, with an ordinary account, with somebody's help, and reaches beyond the component; some availability is lost.",
  ],
  [
    "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:A/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N",
    "Can be attacked over the network, easily, without an account, if certain circumstances hold, with somebody's active help; nothing of its own is lost.",
  ],
  ["AV:N/AC:L/Au:N/C:P/I:P/A:P", ""],
  ["", ""],
])("%s", (vector, words) => {
  expect(cvssInWords(vector)).toBe(words);
});
