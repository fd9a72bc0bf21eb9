import type { Advisory } from "@plimsoll/model";
import type { FeedFile } from "../../feed.ts";
import { descendants, textIn, type XmlElement, xmlElements } from "../../oval/xml-elements.ts";
import { cveIdOf, dateField, present, proseField } from "../../records/field.ts";
import { Fault, type FeedItem, readEach } from "../../records/read-each.ts";

const feed = "debian-oval";

/**
 * Definitions of Debian OVAL. Each names one source package in its criterion, "glibc DPKG is earlier than 2.2-1", so that
 * the tests behind the definitions (half of 50 MB) need not be read. "0:0" means: no version of this release was affected.
 */
export async function* parseDebianOval(file: FeedFile): AsyncGenerator<FeedItem> {
  const wanted = new Set(["definition", "timestamp"]);
  const elements = xmlElements(file.stream(), { wanted, until: "definitions" });
  yield* readEach({ feed, path: file.path }, elements, readElement);
}

function readElement(element: XmlElement): FeedItem[] | Fault {
  if (element.name === "timestamp") {
    const date = dateField(element.text);
    return date === undefined ? new Fault("the document has no date") : [{ kind: "dated", date }];
  }
  return readDefinition(element);
}

function readDefinition(definition: XmlElement): Advisory[] | Fault {
  const id = /^(CVE-\d{4}-\d{4,19}|(?:DSA|DLA|TEMP)-[\w-]{1,60})(?= |$)/.exec(textIn(definition, "title"))?.[1];
  if (id === undefined) return new Fault("a definition without id", definition.attributes.id);
  const release = /^Debian GNU\/Linux (\d+)/.exec(textIn(definition, "platform"))?.[1];
  if (release === undefined) return new Fault("a definition of no Debian release", id);
  const fixes = [...descendants(definition, "criterion")].flatMap(fixOf);
  if (fixes.length === 0) return new Fault("a definition without package", id);
  const references = [...descendants(definition, "reference")].map(({ attributes }) => cveIdOf(attributes.ref_id));
  return [
    {
      kind: "advisory",
      id,
      feed,
      provider: "debian",
      vulnerabilities: [...new Set(references.filter((cve) => cve !== null))].sort(),
      aliases: [],
      ...present({ title: proseField(textIn(definition, "description")) }),
      affected: fixes.map(({ name, fixed }) => ({
        ecosystem: `debian:${release}`,
        name,
        nameKind: "source",
        scheme: "deb",
        ranges: [{ fixed }],
        fixState: "fixed",
      })),
    },
  ];
}

function fixOf({ attributes }: XmlElement): { name: string; fixed: string }[] {
  const match = /^(\S{1,200}) DPKG is earlier than (\S{1,200})$/.exec(attributes.comment ?? "");
  const [, name, version] = match ?? [];
  // Nothing is earlier than 0: the range is empty and says "not affected".
  return name === undefined || version === undefined ? [] : [{ name, fixed: version === "0:0" ? "0" : version }];
}
