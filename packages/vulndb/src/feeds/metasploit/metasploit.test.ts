import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryFile } from "../../records/memory-file.ts";
import { fuzzFeed, itemsOf } from "../../testing/fuzz-feed.ts";
import { metasploit } from "./feed.ts";

const testdata = (name: string): string => readFileSync(join(import.meta.dirname, "testdata", name), "utf8");
const metadata = testdata("modules_metadata_base.json");
const list = testdata("CVE-2019-6814.json");
const read = (path: string, content: string) => itemsOf(metasploit, memoryFile(path, content));
const sources = "https://github.com/rapid7/metasploit-framework/blob/master";

describe("Metasploit modules", () => {
  it("knows both layouts by content", () => {
    for (const head of [metadata, list]) expect(metasploit.recognises({ path: "any", head })).toBe(true);
    expect(metasploit.recognises({ path: "last_updated.json", head: '{"msf":"2026-08-07T15:43:11Z"}' })).toBe(false);
  });

  it("counts the modules of each CVE in the framework's own metadata", async () => {
    expect(await read("modules_metadata_base.json", metadata)).toEqual([
      expect.objectContaining({ level: "warning", message: "exploit/x/broken: a module without path or references" }),
      {
        kind: "exploit",
        feed: "metasploit",
        vulnerability: "CVE-2017-0143",
        count: 2,
        published: "2021-02-17",
        links: [
          `${sources}/modules/exploits/windows/smb/ms17_010_eternalblue.rb`,
          `${sources}/modules/exploits/windows/smb/smb_doublepulsar_rce.rb`,
        ],
      },
      {
        kind: "exploit",
        feed: "metasploit",
        vulnerability: "CVE-2017-0144",
        count: 1,
        published: "2022-03-10",
        links: [`${sources}/modules/exploits/windows/smb/ms17_010_eternalblue.rb`],
      },
    ]);
  });

  it("reads the list of one CVE for that CVE only", async () => {
    const exploit = {
      kind: "exploit",
      feed: "metasploit",
      vulnerability: "CVE-2019-6814",
      count: 1,
      links: [`${sources}/modules/exploits/unix/http/schneider_electric_net55xx_encoder.rb`],
    };
    expect(await read("rapid7/2019/CVE-2019-6814.json", list)).toEqual([exploit]);
    expect(await read("unnamed.json", list)).toEqual([exploit, { ...exploit, vulnerability: "CVE-2019-6815" }]);
  });

  it.each([
    ["", /not JSON/],
    ["[1]", /without a CVE id/],
    ["7", /neither list nor object/],
    ["{", /ends early/],
  ])("says what is wrong with %j", async (content, message) => {
    expect(await read("x.json", content)).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message) }),
    ]);
  });

  fuzzFeed(metasploit, [metadata, list]);
});
