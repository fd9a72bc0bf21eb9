import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInstruction } from "./instruction.ts";
import { programOf, shellCommands } from "./shell-commands.ts";

const programs = (script: string) => shellCommands(script).map(programOf);

describe("shellCommands", () => {
  it.each([
    ["apt-get update && apt-get install -y x; rm -rf /var", ["apt-get", "apt-get", "rm"]],
    ["A=1 B='x y' sudo -E apk add curl", ["apk"]],
    ["if ! command -v npm; then npm i; fi", ["command", "npm", "fi"]],
    ["echo 'apt-get; npm' \"pip && gem\" # yum", ["echo"]],
    ['v="$(dpkg --print-architecture)"; echo $v', ["dpkg", "echo"]],
    ["echo $(date) npm", ["echo", "date"]],
    ["case x in amd64) apk add y;; esac", ["case", "apk", "esac"]],
    ['/bin/bash -euxc "yum install -y a && dnf b"', ["bash", "yum", "dnf"]],
    ["/usr/bin/apt \\\n install x", ["apt"]],
    ["cat f | xargs -r pip install", ["cat", "pip"]],
    ["(cd /x; gem install y)", ["cd", "gem"]],
    ["echo `npm -v`", ["echo", "npm"]],
    ["unclosed 'quote; npm", ["unclosed"]],
    ["", []],
  ])("reads %j", (script, expected) => {
    expect(programs(script).filter((program) => program !== "")).toEqual(expected);
  });

  it("stays linear and quiet on anything", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (script) => Array.isArray(programs(script))),
    );
    const started = performance.now();
    for (const text of ["(", "$(", '"', "'", "sh -c ", "a=", ";", "\\"]) shellCommands(text.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("readInstruction", () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["bash"]', "CMD", '["bash"]'],
    ["/bin/sh -c apt update", "RUN", "/bin/sh -c apt update"],
    ["|2 A=npm B=2 /bin/sh -c echo", "RUN", "/bin/sh -c echo"],
    ["RUN |2 A=npm B=2 /bin/sh -c echo # buildkit", "RUN", "/bin/sh -c echo # buildkit"],
    ["RUN apk add x # buildkit", "RUN", "apk add x # buildkit"],
    ["# debian.sh out/", "", "# debian.sh out/"],
    ["add x /", "ADD", "x /"],
    ["", "RUN", ""],
  ])("reads %j", (command, word, rest) => {
    expect(readInstruction(command)).toEqual({ word, rest });
  });
});
