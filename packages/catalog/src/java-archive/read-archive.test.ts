import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLimits, type Limits } from "@plimsoll/kit";
import { corrupted, truncated, zipOf, zipOfFiles } from "@plimsoll/testkit";
import { describe, expect, it } from "vitest";
import { partsOfFileName } from "./archive-name.ts";
import { javaArchive } from "./cataloger.ts";
import { readPom } from "./pom-xml.ts";

const read = (path: string, bytes: Uint8Array, limits: Partial<Limits> = {}) =>
  javaArchive.parse({ path, bytes }, { ...defaultLimits, ...limits });
const words = (path: string, bytes: Uint8Array): string[] =>
  (read(path, bytes).packages ?? []).map(
    ({ name, version, innerPath }) => `${name}@${version}${innerPath === undefined ? "" : ` in ${innerPath}`}`,
  );
const properties = (group: string, artifact: string, version: string) => ({
  [`META-INF/maven/${group}/${artifact}/pom.properties`]: `#Generated\ngroupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
});
const manifest = (...lines: readonly string[]) => ({
  "META-INF/MANIFEST.MF": ["Manifest-Version: 1.0", ...lines, "", ""].join("\r\n"),
});
const guava = zipOfFiles(properties("com.google.guava", "guava", "31.1-jre"));

describe("Java archives", () => {
  it.each([
    ["its pom.properties", "app.jar", properties("org.example", "service", "2.0"), ["org.example:service@2.0"]],
    [
      "several of a shaded jar",
      "agent-3.jar",
      { ...properties("org.example", "agent", "3"), ...properties("org.ow2.asm", "asm", "9.5") },
      ["org.example:agent@3", "org.ow2.asm:asm@9.5"],
    ],
    [
      "a shaded jar without a pom of its own",
      "tool-1.5.jar",
      {
        ...manifest("Implementation-Vendor-Id: org.example"),
        ...properties("a.b", "x", "1"),
        ...properties("a.b", "y", "2"),
      },
      ["a.b:x@1", "a.b:y@2", "org.example:tool@1.5"],
    ],
    [
      "its pom.xml",
      "x.jar",
      {
        "META-INF/maven/g/a/pom.xml":
          "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>",
      },
      ["g:a@1"],
    ],
    [
      "its manifest",
      "lib.jar",
      manifest("Implementation-Title: thing", "Implementation-Version: 1.2", "Implementation-Vendor-Id: org.example"),
      ["org.example:thing@1.2"],
    ],
    [
      "a bundle's manifest",
      "lib.jar",
      manifest("Bundle-SymbolicName: org.example.thing;singleton:=true", "Bundle-Version: 1.2.3"),
      ["org.example:thing@1.2.3"],
    ],
    [
      "a manifest line that wraps",
      "lib.jar",
      manifest("Implementation-Title: th", " ing", "Implementation-Version: 1"),
      ["thing:thing@1"],
    ],
    ["its file name", "commons-io-2.4.jar", {}, ["commons-io:commons-io@2.4"]],
    [
      "a known group",
      "spring-core-5.3.27.jar",
      {
        ...manifest("Implementation-Title: spring-core", "Automatic-Module-Name: spring.core"),
        "org/springframework/core/X.class": "",
      },
      ["org.springframework:spring-core@5.3.27"],
    ],
    [
      "a known group whose jars hold only an API of others",
      "tomcat-servlet-api-9.0.50.jar",
      {
        ...manifest("Bundle-SymbolicName: org.apache.tomcat-servlet-api", "Implementation-Version: 9.0.50"),
        "javax/servlet/X.class": "",
      },
      ["org.apache.tomcat:tomcat-servlet-api@9.0.50"],
    ],
    [
      "Tomcat's distribution beside its jar",
      "opt/tomcat/lib/catalina.jar",
      {
        ...manifest("Bundle-SymbolicName: org.apache.tomcat-catalina", "Implementation-Version: 9.0.50"),
        "org/apache/catalina/X.class": "",
      },
      ["org.apache.tomcat:tomcat-catalina@9.0.50", "org.apache.tomcat:tomcat@9.0.50"],
    ],
    [
      "a known group that moved",
      "groovy-3.0.9.jar",
      { "org/apache/groovy/X.class": "", "org/codehaus/groovy/X.class": "" },
      ["org.codehaus.groovy:groovy@3.0.9"],
    ],
    [
      "a decorated manifest version",
      "kotlin-stdlib-1.9.0.jar",
      { ...manifest("Implementation-Version: 1.9.0-release-358"), "kotlin/X.class": "" },
      ["org.jetbrains.kotlin:kotlin-stdlib@1.9.0"],
    ],
    [
      "an OSGi version",
      "guava-31.1-jre.jar",
      { ...manifest("Bundle-Version: 31.1.0.jre"), "com/google/common/X.class": "" },
      ["com.google.guava:guava@31.1-jre"],
    ],
    [
      "a manifest that knows better than the name",
      "x-20020414.jar",
      manifest("Implementation-Version: 20050407"),
      ["x:x@20050407"],
    ],
    ["no version at all", "app.jar", { "X.class": "" }, ["app:app@"]],
  ])("knows a jar by %s", (...[, path, files, expected]) => {
    expect(words(path, zipOfFiles(files))).toEqual(expected);
  });

  it("finds jars in archives in archives", () => {
    const war = zipOfFiles({ "WEB-INF/lib/guava-31.1-jre.jar": guava, "index.html": "" });
    expect(words("usr/share/app.war", war)).toEqual([
      "com.google.guava:guava@31.1-jre in WEB-INF/lib/guava-31.1-jre.jar",
    ]);
    const ear = zipOf([{ path: "web.war", body: war, method: "store" }]);
    expect(words("app.ear", ear)).toEqual([
      "com.google.guava:guava@31.1-jre in web.war:WEB-INF/lib/guava-31.1-jre.jar",
    ]);
  });

  it("reads executable jars, with their script before the archive", () => {
    const files = [{ path: "META-INF/maven/g/a/pom.properties", body: "groupId=g\nartifactId=a\nversion=1\n" }];
    const script = Buffer.from("#!/bin/sh\nexec java -jar $0\n");
    expect(words("app.jar", zipOf(files, { prefix: script }))).toEqual(["g:a@1"]);
    expect(words("app.jar", Buffer.concat([script, zipOf(files)]))).toEqual(["g:a@1"]);
  });

  it.each([
    ["no zip file", Buffer.from("not a zip file, but long enough to be looked at"), "no end of a zip file"],
    ["a file cut off", truncated(guava, guava.length - 30), "no end of a zip file"],
    [
      "a directory beyond the start",
      zipOf([{ path: "a", body: "b" }], { directoryOffset: 99_999 }),
      "zip directory lies outside the file",
    ],
    [
      "more entries claimed than there are",
      zipOf([{ path: "a", body: "b" }], { entryCount: 9 }),
      "zip directory ends too early",
    ],
    [
      "a nested jar with an unknown method",
      zipOf([{ path: "x.jar", body: guava, methodNumber: 99 }]),
      "compression method 99",
    ],
    ["a nested jar that is encrypted", zipOf([{ path: "x.jar", body: guava, flags: 0x801 }]), "encrypted"],
    ["a nested jar that lies elsewhere", zipOf([{ path: "x.jar", body: guava, localOffset: 1e6 }]), "outside the file"],
    ["a nested jar larger than it says", zipOf([{ path: "x.jar", body: guava, size: 10 }]), "cannot be inflated"],
    ["a nested jar of damaged bytes", corrupted(zipOf([{ path: "x.jar", body: guava }]), 40), "cannot be inflated"],
    [
      "a nested jar with a wrong checksum",
      zipOf([{ path: "x.jar", body: guava, crc: 1 }]),
      "does not match its checksum",
    ],
    ["a nested jar of 2 MB in 2 kB", zipOfFiles({ "x.jar": Buffer.alloc(2 ** 21) }), "more than 200 times its size"],
    [
      "a nested jar that is none",
      zipOfFiles({ "x.jar": "junk, and more junk to be long enough" }),
      "no end of a zip file",
    ],
  ])("says when it meets %s", (...[, bytes, reason]) => {
    const { problems } = read("app.war", bytes);
    expect(problems).toMatchObject([{ level: "incomplete", code: "archive-unreadable" }]);
    expect(problems?.[0]?.message).toContain(reason);
  });

  it("reads everything else beside what it cannot read", () => {
    const war = zipOfFiles({ "a.jar": "junk, and more junk to be long enough", "b.jar": guava });
    expect(words("app.war", war)).toEqual(["com.google.guava:guava@31.1-jre in b.jar"]);
    expect(read("app.war", war).problems).toMatchObject([{ path: "app.war:a.jar" }]);
  });

  it("reads entries that the count at the end does not tell, as the JVM does", () => {
    const jar = zipOf(
      [
        { path: "a", body: "b" },
        { path: "b.jar", body: guava },
      ],
      { entryCount: 1 },
    );
    expect(words("app.war", jar)).toEqual(["com.google.guava:guava@31.1-jre in b.jar"]);
    expect(read("app.war", jar).problems).toBeUndefined();
  });

  it("stops at each limit and says so", () => {
    const nest = (depth: number): Buffer =>
      depth === 0 ? guava : zipOf([{ path: "x.jar", body: nest(depth - 1), method: "store" }]);
    expect(read("x.jar", nest(3), { archiveDepth: 3 }).problems).toBeUndefined();
    expect(read("x.jar", nest(4), { archiveDepth: 3 }).problems?.[0]?.message).toContain("deeper than 3");
    const two = zipOfFiles({ a: "", b: "" });
    expect(read("x.par", two, { archiveEntries: 2 }).problems).toBeUndefined();
    expect(read("x.par", two, { archiveEntries: 1 }).problems?.[0]?.message).toContain("more than 1 entries");
    const zeros = zipOfFiles({ "x.jar": Buffer.alloc(1_000_000) });
    expect(read("app.war", zeros, { archiveBytes: 999_999 }).problems?.[0]?.message).toContain("limit is 999999");
  });

  it.each([
    ["log4j-1.2-api-2.17.1.jar", "log4j-1.2-api", "2.17.1"],
    ["guava-31.1-jre.jar", "guava", "31.1-jre"],
    ["kafka_2.13-3.6.0.jar", "kafka_2.13", "3.6.0"],
    ["WEB-INF/lib/thing-1.0-SNAPSHOT.jar", "thing", "1.0-SNAPSHOT"],
    ["relaxngDatatype-20020414.jar", "relaxngDatatype", "20020414"],
    ["app.war", "app", ""],
    ["-1.jar", "-1", ""],
  ])("takes %s apart", (path, artifact, version) => {
    expect(partsOfFileName(path)).toEqual({ artifact, version });
  });

  it("reads a pom with a parent, properties, comments and a document type, and follows no entity", () => {
    const bytes = readFileSync(join(import.meta.dirname, "testdata", "pom.xml"));
    expect(readPom(bytes)).toEqual({
      group: "org.example",
      artifact: "child",
      version: "1.2.3&4",
      licenses: ["&secret;", "Apache-2.0"],
    });
  });

  it("gives no version for properties that lead nowhere or round in circles", () => {
    const pom = (property: string): string =>
      readPom(
        Buffer.from(
          `<project><version>\${${property}}</version><properties><a>\${b}</a><b>\${a}\${a}</b></properties></project>`,
        ),
      ).version;
    expect(["nowhere", "a", "project.version"].map(pom)).toEqual(["", "", ""]);
  });
});
