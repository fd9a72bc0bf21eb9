import type { FullResult } from "@plimsoll/contract";
import { describe, expect, it } from "vitest";
import { findingsIn, modelOf, narrowedTo, packagesIn, verdictOf } from "./model.ts";

const pkg = (name: string, layerRef: string, more: object = {}) => ({
  name,
  version: "1",
  type: "os",
  layerRef,
  isRemoved: false,
  isRunning: false,
  vulnerabilitiesRefs: null,
  ...more,
});
const flaw = (name: string, packageRef: string, more: object = {}) => ({
  name,
  packageRef,
  severity: "high",
  exploitable: false,
  cvssScore: { score: 7, version: "3.1", vector: "" },
  disclosureDate: "2026-01-01",
  riskAcceptRefs: null,
  providersMetadata: null,
  ...more,
});

const result = {
  packages: {
    a: pkg("zlib", "l0"),
    b: pkg("axios", "l1", { isRunning: true, path: "app/node_modules/axios/package.json" }),
    c: pkg("gone", "l0", { isRemoved: true }),
  },
  vulnerabilities: {
    v1: flaw("CVE-1", "a", { fixVersion: "2" }),
    v2: flaw("CVE-2", "b", { severity: "critical", exploitable: true }),
    v3: flaw("CVE-3", "b", { severity: "low" }),
    v4: flaw("CVE-1", "b", { cvssScore: { score: 9, version: "3.1", vector: "" } }),
  },
  layers: {
    l1: { command: "/bin/sh -c #(nop)  COPY . /app\u202e", digest: "sha256:1", index: 1, size: 10 },
    l0: { command: "ADD rootfs.tar", digest: "sha256:0", index: 0, size: 20, baseImagesRef: ["x"] },
  },
  baseImages: { x: { pullStrings: ["debian:12"] } },
} as unknown as FullResult;

const model = modelOf(result);

describe("modelOf", () => {
  it("orders findings and packages worst first, leaves out what is gone, and counts for each layer", () => {
    expect(model.findings.map(({ id }) => id)).toEqual(["v2", "v4", "v1", "v3"]);
    expect(model.packages.map(({ name }) => name)).toEqual(["axios", "zlib"]);
    expect(model.layers).toMatchObject([
      { key: "l0", bases: ["debian:12"], packages: 1, counts: { critical: 0, high: 1 } },
      { key: "l1", command: "COPY . /app‹U+202E›", bases: [], packages: 1, counts: { critical: 1, high: 1, low: 1 } },
    ]);
  });
});

it.each([
  [[], "noPolicy"],
  [[{}], "passed"],
])("calls passed only what a policy judged: %j", (evaluations, word) => {
  expect(verdictOf({ policies: { globalEvaluation: "passed", evaluations } } as unknown as FullResult)).toBe(word);
});

describe("narrowedTo", () => {
  it.each([
    ["l0", ["zlib"], ["v1"]],
    ["l1", ["axios"], ["v2", "v4", "v3"]],
    ["no such layer", ["axios", "zlib"], ["v2", "v4", "v1", "v3"]],
    [undefined, ["axios", "zlib"], ["v2", "v4", "v1", "v3"]],
  ])("%s", (layer, packages, findings) => {
    const narrow = narrowedTo(model, layer);
    expect(narrow.packages.map(({ name }) => name)).toEqual(packages);
    expect(narrow.findings.map(({ id }) => id)).toEqual(findings);
    expect(narrow.layers).toBe(model.layers);
  });
});

describe("filters", () => {
  it.each([
    [{}, ["v2", "v4", "v1", "v3"]],
    [{ severity: "high" }, ["v2", "v4", "v1"]],
    [{ severity: "no such" }, ["v2", "v4", "v1", "v3"]],
    [{ text: " AXIOS " }, ["v2", "v4", "v3"]],
    [{ text: "cve-1" }, ["v4", "v1"]],
    [{ fix: "1" }, ["v1"]],
    [{ exploit: "1" }, ["v2"]],
    [{ running: "1", severity: "critical" }, ["v2"]],
  ])("%j", (filter, ids) => {
    expect(findingsIn(model, filter).map(({ id }) => id)).toEqual(ids);
  });

  it("narrows packages by text", () => {
    expect(packagesIn(model, { text: "node_modules" }).map(({ name }) => name)).toEqual(["axios"]);
  });
});
