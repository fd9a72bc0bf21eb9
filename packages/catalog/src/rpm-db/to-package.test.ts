import { describe, expect, it } from "vitest";
import { isKey, type RpmFields, toPackage } from "./to-package.ts";

const nothing: RpmFields = {
  name: "bash",
  epoch: 0,
  version: "5.1.8",
  release: "6.el9",
  arch: null,
  sourceRpm: null,
  vendor: null,
  license: null,
  module: null,
};

describe("toPackage", () => {
  it("keeps the least there is", () => {
    expect(toPackage(nothing)).toEqual({ ecosystem: "rpm", name: "bash", version: "5.1.8-6.el9", kind: "installed" });
  });

  it.each<[string, Partial<RpmFields>, object]>([
    ["an epoch", { epoch: 2 }, { version: "2:5.1.8-6.el9" }],
    ["an architecture", { arch: "s390x" }, { arch: "s390x" }],
    ["a licence", { license: "GPLv3+ and MIT" }, { licenses: ["GPLv3+ and MIT"] }],
    ["a licence over two lines", { license: "GPLv3+\n  and MIT" }, { licenses: ["GPLv3+ and MIT"] }],
    ["who built it", { vendor: "AlmaLinux" }, { vendor: "AlmaLinux" }],
    ["its module", { module: "nodejs:18:1:2" }, { qualifiers: { rpmmod: "nodejs:18:1:2" } }],
  ])("tells %s", (_, fields, expected) => expect(toPackage({ ...nothing, ...fields })).toMatchObject(expected));

  it.each<[string, Partial<RpmFields>, object | undefined]>([
    ["bash-5.1.8-6.el9.src.rpm", {}, undefined],
    ["bash-5.1.8-6.el9.src.rpm", { epoch: 1 }, undefined],
    ["bash-5.1.8-7.el9.src.rpm", {}, { name: "bash", version: "5.1.8-7.el9" }],
    ["shell-tools-5.1.8-6.el9.src.rpm", { epoch: 3 }, { name: "shell-tools", version: "3:5.1.8-6.el9" }],
    ["java-17-openjdk-17.0.8-2.el9.nosrc.rpm", {}, { name: "java-17-openjdk", version: "17.0.8-2.el9" }],
    ["(none)", {}, undefined],
    ["no-dashes.src.rpm", {}, undefined],
    ["a b-1-2.src.rpm", {}, undefined],
    [`${"x-".repeat(600)}1-2.src.rpm`, {}, undefined],
  ])("source package %s with %j is %j", (sourceRpm, fields, source) => {
    expect(toPackage({ ...nothing, ...fields, sourceRpm })?.source).toEqual(source);
  });

  it.each<[string, Partial<RpmFields>]>([
    ["name", { name: null }],
    ["version", { version: "" }],
    ["release", { release: null }],
    ["believable name", { name: "two words" }],
    ["believable version", { version: "1\u001b[2J" }],
  ])("refuses a package without %s", (_, fields) => expect(toPackage({ ...nothing, ...fields })).toBeNull());

  it("leaves rpm's word for nothing out", () => {
    const none = "(none)";
    expect(toPackage({ ...nothing, vendor: none, license: none, module: none })).toEqual(toPackage(nothing));
  });
});

it("knows trusted keys from packages", () => {
  expect([isKey({ ...nothing, name: "gpg-pubkey" }), isKey(nothing)]).toEqual([true, false]);
});
