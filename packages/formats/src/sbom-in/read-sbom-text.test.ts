import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { distroEcosystem, isPresent, type Package, type Sbom } from "@plimsoll/model";
import { golden } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { manyLayers, oneFinding, sharedReports } from "../../test/reports.ts";
import { cyclonedxJson, cyclonedxJson15 } from "../cyclonedx-json/sbom-format.ts";
import { cyclonedxXml, cyclonedxXml17 } from "../cyclonedx-xml/sbom-format.ts";
import { plimsollJson } from "../plimsoll-json/sbom-format.ts";
import { spdxJson } from "../spdx-json/sbom-format.ts";
import { readSbomText } from "./read-sbom-text.ts";

const options = { tool: { name: "plimsoll", version: "0.1.0" } };
const formats = [cyclonedxJson, cyclonedxJson15, cyclonedxXml, cyclonedxXml17, spdxJson];
const samples = join(import.meta.dirname, "testdata");

const cyclonedx = (components: readonly unknown[], rest: object = {}): Promise<Sbom> =>
  readSbomText(JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components, ...rest }));
const library = (purl: string, rest: object = {}) => ({ type: "library", name: "x", version: "1", purl, ...rest });
const properties = (given: Readonly<Record<string, string>>) => ({
  properties: Object.entries(given).map(([name, value]) => ({ name, value })),
});

describe("readSbomText", () => {
  it.each(formats.map((format) => [format.name, format] as const))("reads back what %s wrote", async (_, format) => {
    for (const [name, { sbom }] of sharedReports) {
      const read = await readSbomText(format.write(sbom, options));
      // XML cannot hold its control characters.
      if (name === "hostile") continue;
      const facts = ({ ecosystem, version, source, locations, introducedIn }: Package) =>
        JSON.stringify([ecosystem, version, source ?? null, locations, introducedIn]);
      expect(read.packages.map(facts).sort(), name).toEqual(sbom.packages.filter(isPresent).map(facts).sort());
      expect(read.source).toMatchObject({ kind: "image", name: "registry.example/app:1.0" });
      expect(read.distro?.id).toBe(sbom.distro?.id);
    }
  });

  it("keeps its own document whole", async () => {
    expect(await readSbomText(plimsollJson.write(manyLayers.sbom, options))).toEqual(manyLayers.sbom);
  });

  it.each([
    [
      "pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&upstream=openssl&distro=debian-12",
      "deb libssl3 3.0.11-1~deb12u1 openssl@3.0.11-1~deb12u1",
    ],
    ["pkg:deb/debian/zlib1g@1.2.13?epoch=1&distro=debian-12", "deb zlib1g 1:1.2.13"],
    ["pkg:deb/debian/zlib1g@1%3A1.2.13?upstream=zlib%401%3A1.2.12", "deb zlib1g 1:1.2.13 zlib@1:1.2.12"],
    [
      "pkg:rpm/rocky/openssl-libs@3.0.7-6.el9?epoch=1&upstream=openssl-3.0.7-6.el9.src.rpm",
      "rpm openssl-libs 1:3.0.7-6.el9 openssl@1:3.0.7-6.el9",
    ],
    ["pkg:alpine/zlib@1.2.12-r0?upstream=zlib&distro=alpine-3.15.4", "apk zlib 1.2.12-r0"],
    ["pkg:apk/alpine/libcrypto3@3.1.1-r1?upstream=openssl", "apk libcrypto3 3.1.1-r1 openssl@3.1.1-r1"],
    ["pkg:npm/%40babel/core@7.0.0", "npm @babel/core 7.0.0"],
    [
      "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar",
      "maven org.apache.logging.log4j:log4j-core 2.14.1",
    ],
    ["pkg:golang/github.com/coreos/go-systemd@v22.1.0#v22", "golang github.com/coreos/go-systemd/v22 v22.1.0"],
    ["pkg:golang/stdlib@1.22.1", "golang Go 1.22.1"],
    ["pkg:golang/stdlib@v1.22.1", "golang Go 1.22.1"],
    ["pkg:golang/stdlib@go1.22.1", "golang Go 1.22.1"],
    ["pkg:composer/symfony/http-kernel@5.4.0", "composer symfony/http-kernel 5.4.0"],
    ["pkg:pypi/jinja2@2.11.2", "pypi jinja2 2.11.2"],
    ["pkg:gem/rack@2.2.3?platform=ruby", "gem rack 2.2.3"],
    ["pkg:cargo/time@0.1.40", "cargo time 0.1.40"],
    ["pkg:nuget/Newtonsoft.Json@12.0.1", "nuget Newtonsoft.Json 12.0.1"],
  ])("reads %s", async (purl, words) => {
    const { packages, problems } = await cyclonedx([library(purl)]);
    const said = packages.map(({ ecosystem, name, version, source }) =>
      [ecosystem, name, version, ...(source ? [`${source.name}@${source.version}`] : [])].join(" "),
    );
    expect(said).toEqual([words]);
    expect(problems).toEqual([]);
  });

  it("takes Trivy's own words for the source package, the path and the layer", async () => {
    const layer = `sha256:${"a".repeat(64)}`;
    const trivy = {
      "aquasecurity:trivy:SrcName": "openssl",
      "aquasecurity:trivy:SrcVersion": "1.0.2k",
      "aquasecurity:trivy:SrcRelease": "16.el7",
      "aquasecurity:trivy:SrcEpoch": "1",
      "aquasecurity:trivy:LayerDiffID": layer,
      "aquasecurity:trivy:FilePath": "var/lib/rpm/Packages",
    };
    const { packages } = await cyclonedx([
      library("pkg:rpm/centos/openssl-libs@1.0.2k-16.el7?epoch=1", properties(trivy)),
    ]);
    expect(packages).toMatchObject([
      {
        version: "1:1.0.2k-16.el7",
        source: { name: "openssl", version: "1:1.0.2k-16.el7" },
        introducedIn: layer,
        locations: [{ path: "var/lib/rpm/Packages", layer }],
      },
    ]);
  });

  it.each([
    ["an operating-system component", [{ type: "operating-system", name: "alpine", version: "3.20.3" }], "alpine:3.20"],
    ["Trivy's family word", [{ type: "operating-system", name: "redhat", version: "8.4" }], "rhel:8"],
    [
      "a release with words",
      [{ type: "operating-system", name: "Debian GNU/Linux", version: "12 (bookworm)" }],
      "debian:12",
    ],
    [
      "Syft's properties",
      [
        {
          type: "operating-system",
          name: "Ubuntu",
          ...properties({ "syft:distro:id": "ubuntu", "syft:distro:versionID": "22.04" }),
        },
      ],
      "ubuntu:22.04",
    ],
    [
      "the purls",
      [library("pkg:apk/alpine/a@1?distro=alpine-3.18.4"), library("pkg:apk/alpine/b@1?distro=alpine-3.18.4")],
      "alpine:3.18",
    ],
    ["the ends of Red Hat's releases", [library("pkg:rpm/redhat/openssl@3.0.7-18.el9_2?arch=src")], "rhel:9"],
    ["nothing", [library("pkg:deb/debian/a@1")], null],
  ])("knows the distro from %s", async (_, components, key) => {
    const { distro } = await cyclonedx(components);
    expect(distro && distroEcosystem(distro)).toBe(key);
  });

  it("counts what it cannot take over instead of passing over it", async () => {
    const { packages, problems } = await cyclonedx([
      library("pkg:hex/phoenix@1"),
      library("pkg:hex/ecto@1"),
      library("pkg:oci/app@sha256:1"),
      library("not a purl"),
      library("pkg:npm/a"),
      { type: "library", name: "bare", version: "1" },
      { type: "file", name: "/etc/passwd" },
      { type: "application", name: "app/package-lock.json", ...properties({ "aquasecurity:trivy:Type": "npm" }) },
    ]);
    expect(packages).toHaveLength(1);
    expect(problems.map(({ level, code, message }) => `${level} ${code}: ${message.split(" ", 1)[0]}`)).toEqual([
      "incomplete sbom-bad-purl: 1",
      "incomplete sbom-unknown-ecosystem: 2",
      "incomplete sbom-without-purl: 1",
      "warning package-without-version: 1",
      "note sbom-unknown-ecosystem: 1",
    ]);
  });

  it("reads components within components and drops repeats", async () => {
    const inner = library("pkg:npm/b@1");
    const { packages } = await cyclonedx([library("pkg:npm/a@1", { components: [inner, inner] }), inner]);
    expect(packages.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("takes over that a document calls itself incomplete", async () => {
    const { problems } = await cyclonedx([], { compositions: [{ aggregate: "incomplete", assemblies: [] }] });
    expect(problems.map(({ level }) => level)).toEqual(["incomplete"]);
  });

  it("believes Syft which packages are files of OS packages", async () => {
    const spdx = {
      spdxVersion: "SPDX-2.3",
      packages: [spdxPackage("os", "pkg:deb/debian/python3-yaml@6"), spdxPackage("lang", "pkg:pypi/pyyaml@6")],
      relationships: [
        {
          spdxElementId: "os",
          relatedSpdxElement: "lang",
          relationshipType: "OTHER",
          comment: "ownership-by-file-overlap: indicates that the parent package claims ownership of a child package",
        },
      ],
    };
    const { packages } = await readSbomText(JSON.stringify(spdx));
    expect(packages.map(({ ecosystem, ownedBy }) => [ecosystem, ownedBy])).toEqual([
      ["deb", undefined],
      ["pypi", "pkg:deb/debian/python3-yaml@6"],
    ]);
  });

  it("reads a document inside an in-toto statement", async () => {
    const predicate = JSON.parse(cyclonedxJson.write(oneFinding.sbom, options)) as unknown;
    for (const wrapped of [
      { predicate },
      { predicate: { Data: predicate } },
      { predicate: { Data: JSON.stringify(predicate) } },
    ]) {
      expect((await readSbomText(JSON.stringify(wrapped))).packages).toHaveLength(2);
    }
  });

  it.each(globSync("*.{json,xml}", { cwd: samples }).sort())("reads the sample %s", async (name) => {
    const { packages, distro, problems } = await readSbomText(readFileSync(join(samples, name), "utf8"));
    const said = packages.map(({ ecosystem, name, version, source }) =>
      [ecosystem, name, version, source?.name ?? ""].join(" ").trim(),
    );
    golden(
      join(samples, `${name}.read.txt`),
      `${[`distro ${distro?.id}`, ...said, ...problems.map(({ message }) => message)].join("\n")}\n`,
    );
  });
});

function spdxPackage(id: string, purl: string): object {
  return { SPDXID: id, name: id, externalRefs: [{ referenceType: "purl", referenceLocator: purl }] };
}
