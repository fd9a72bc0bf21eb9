import { plainText } from "@plimsoll/kit";
import {
  ecosystemOf,
  type Package,
  type Problem,
  type PurlParts,
  parsePurl,
  type Sbom,
  sortProblems,
} from "@plimsoll/model";
import { distroOf } from "./distro-of.ts";
import type { ForeignComponent, ForeignSbom } from "./foreign.ts";
import { ecosystemOfPurl, packageOf } from "./package-of.ts";

/** purl types that name images, repositories, files or models: nothing a vulnerability database lists by package. */
const notPackages: ReadonlySet<string> = new Set([
  "oci",
  "docker",
  "generic",
  "github",
  "gitlab",
  "bitbucket",
  "k8s",
  "huggingface",
  "mlflow",
  "file",
  "swid",
]);
/** purl types told apart; further ones are counted together. */
const mostTypes = 20;
/** Names given as examples of one kind of problem. */
const examples = 3;

/** Another tool's document as an SBOM of ours. What it has that cannot be judged is counted in Problems. */
export function toSbom(document: ForeignSbom): Sbom {
  const candidates = document.components
    .filter(({ kind }) => kind !== "distro")
    .map((component) => ({ component, parts: component.purl === null ? null : parsePurl(component.purl) }));
  const purls = candidates.flatMap(({ parts }) => parts ?? []);
  const packages = candidates.flatMap(({ component, parts }) => {
    const ecosystem = parts === null ? null : ecosystemOfPurl(parts.type);
    return parts === null || ecosystem === null ? [] : [packageOf(parts, ecosystem, component)];
  });
  const unique = [...new Map(packages.map((pkg) => [pkg.id, pkg])).values()];
  const distro = distroOf(document.components, purls);
  return {
    schemaVersion: 1,
    source: {
      kind: document.source.kind,
      transport: `${document.format}-sbom`,
      name: plainText(document.source.name, 500) || "sbom",
    },
    image: null,
    distro: distro === null && !unique.some(({ ecosystem }) => ecosystemOf(ecosystem).os) ? null : distro,
    packages: unique.sort(byName),
    problems: sortProblems([...document.problems, ...unread(candidates), ...withoutVersion(unique)]),
    catalogers: [{ name: `${document.format}-reader`, version: 1 }],
  };
}

interface Candidate {
  readonly component: ForeignComponent;
  readonly parts: PurlParts | null;
}

/** One Problem per kind of component that could not be taken over. */
function unread(candidates: readonly Candidate[]): Problem[] {
  const nameless = candidates.filter(({ component }) => component.purl === null && component.kind === "package");
  const broken = candidates.filter(({ component, parts }) => component.purl !== null && parts === null);
  const foreign = candidates.filter(({ component, parts }) => {
    return component.kind === "package" && parts !== null && ecosystemOfPurl(parts.type) === null;
  });
  const byType = [...Map.groupBy(foreign, ({ parts }) => parts?.type ?? "")].sort(([a], [b]) => (a < b ? -1 : 1));
  const rest = byType.slice(mostTypes).flatMap(([, group]) => group);
  return [
    ...problem(nameless, {
      level: "incomplete",
      code: "sbom-without-purl",
      what: "without a package URL",
      next: nextPurl,
    }),
    ...problem(broken, {
      level: "incomplete",
      code: "sbom-bad-purl",
      what: "with a malformed package URL",
      next: nextPurl,
    }),
    ...byType.slice(0, mostTypes).flatMap(([type, group]) =>
      problem(group, {
        level: notPackages.has(type) ? "note" : "incomplete",
        code: "sbom-unknown-ecosystem",
        what: `of the type ${plainText(type, 40)}, which is not judged`,
        next: null,
      }),
    ),
    ...problem(rest, {
      level: "incomplete",
      code: "sbom-unknown-ecosystem",
      what: "of further types, which are not judged",
      next: null,
    }),
  ];
}

const nextPurl = "let the tool that wrote the SBOM add package URLs, or scan the source itself";

interface Kind {
  readonly level: Problem["level"];
  readonly code: string;
  readonly what: string;
  readonly next: string | null;
}

function problem(group: readonly Candidate[], { level, code, what, next }: Kind): Problem[] {
  if (group.length === 0) return [];
  const names = group
    .slice(0, examples)
    .map(({ component }) => plainText(component.name || (component.purl ?? ""), 80));
  const more = group.length > examples ? ", …" : "";
  const message = `${group.length} component${group.length === 1 ? "" : "s"} ${what}: ${names.join(", ")}${more}`;
  return [{ level, code, message, ...(next !== null && { next }) }];
}

function withoutVersion(packages: readonly Package[]): Problem[] {
  const unversioned = packages.filter(({ version }) => version === "");
  if (unversioned.length === 0) return [];
  const names = unversioned.slice(0, examples).map(({ name }) => plainText(name, 80));
  const message = `${unversioned.length} package${unversioned.length === 1 ? "" : "s"} without a version cannot be judged: ${names.join(", ")}`;
  return [{ level: "warning", code: "package-without-version", message }];
}

function byName(a: Package, b: Package): number {
  const key = (pkg: Package): string =>
    [pkg.ecosystem, pkg.name, pkg.version, pkg.locations[0]?.path ?? "", pkg.id].join("\0");
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
