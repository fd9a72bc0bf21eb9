import { type Affected, parseSeverity, type Rating } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { descendants, textIn, type XmlElement, xmlElements } from "../../oval/xml-elements.ts";
import { cvssOfVector } from "../../records/cvss-vector.ts";
import { cveIdOf, dateField, present, proseField } from "../../records/field.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";
import { PackageTests } from "./package-tests.ts";

const feed = "ubuntu-oval";
const wanted: ReadonlySet<string> = new Set([
  "timestamp",
  "definition",
  "dpkginfo_test",
  "dpkginfo_object",
  "dpkginfo_state",
  "constant_variable",
]);

/** Notices without their long prose, until the tests that name their packages are read. */
interface Notice {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly issued: string | undefined;
  readonly cves: readonly XmlElement[];
  readonly tests: readonly string[];
}

/**
 * Notices of one release. A criterion refers to a test, that to an object (a list of *binary* package names, held by a
 * variable) and a state (the fixed version). Notices about the running kernel (LSN, uname) name no package and, like those
 * without a CVE, say nothing about what is installed.
 */
export async function* parseUbuntuOval(file: FeedFile): AsyncGenerator<FeedItem> {
  const tests = new PackageTests();
  const notices: Notice[] = [];
  let release: string | undefined;
  let date: string | undefined;
  const collect = (element: XmlElement): [] => {
    if (element.name === "timestamp") date = dateField(element.text);
    else if (element.name !== "definition") tests.add(element);
    else if (element.attributes.class === "inventory")
      release ??= /Ubuntu (\d\d\.\d\d)/.exec(textIn(element, "title"))?.[1];
    else notices.push(noticeOf(element));
    return [];
  };
  const origin = { feed, path: file.path };
  yield* readEach(origin, xmlElements(file.stream(), { wanted }), collect);
  if (release === undefined) {
    yield* readEach(origin, [new Fault("the document names no Ubuntu release")], () => []);
    return;
  }
  const ecosystem = `ubuntu:${release}`;
  if (date !== undefined) yield { kind: "dated", date, ecosystem };
  yield* readEach(origin, notices, (notice) => readNotice(notice, { ecosystem, tests }));
}

function noticeOf(definition: XmlElement): Notice {
  const title = textIn(definition, "title");
  return {
    id: /^USN-[\d-]{1,30}\d/.exec(title)?.[0] ?? "",
    title,
    severity: textIn(definition, "severity"),
    issued: descendants(definition, "issued").next().value?.attributes.date,
    cves: [...descendants(definition, "cve")],
    tests: [...descendants(definition, "criterion")].map(({ attributes }) => attributes.test_ref ?? ""),
  };
}

type Place = { readonly ecosystem: string; readonly tests: PackageTests };

function readNotice(notice: Notice, { ecosystem, tests }: Place): FeedItem[] {
  const cves = notice.cves.filter(({ text }) => cveIdOf(text) !== null);
  const fixes = new Map(notice.tests.flatMap((test) => tests.fixesOf(test)).map((fix) => [JSON.stringify(fix), fix]));
  if (notice.id === "" || cves.length === 0 || fixes.size === 0) return [];
  const issued = dateField(notice.issued);
  const affected = [...fixes.values()].map(
    ({ name, fixed }): Affected => ({
      ecosystem,
      name,
      nameKind: "binary",
      scheme: "deb",
      ranges: [{ fixed }],
      fixState: "fixed",
    }),
  );
  return [
    {
      kind: "advisory",
      id: notice.id,
      feed,
      provider: "ubuntu",
      vulnerabilities: [...new Set(cves.map(({ text }) => text))].sort(),
      aliases: [],
      ...present({
        published: issued,
        fixDate: issued,
        severity: parseSeverity(notice.severity) ?? undefined,
        title: proseField(notice.title),
      }),
      affected,
    },
    ...cves.flatMap(ratingOf),
  ];
}

/** Ubuntu's priority of one CVE, where it has given one; `public="20220329"`. */
function ratingOf({ text, attributes }: XmlElement): Rating[] {
  const severity = parseSeverity(attributes.priority ?? "");
  if (severity === null) return [];
  const day = /^(\d{4})(\d\d)(\d\d)/.exec(attributes.public ?? "");
  const cvss = cvssOfVector(attributes.cvss_vector ?? "");
  return [
    {
      kind: "rating",
      feed,
      provider: "ubuntu",
      vulnerability: text,
      severity,
      ...present({
        cvss: cvss === null ? undefined : [cvss],
        published: day === null ? undefined : dateField(day.slice(1, 4).join("-")),
      }),
    },
  ];
}
