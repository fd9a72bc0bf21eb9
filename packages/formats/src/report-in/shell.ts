import { plainText } from "@plimsoll/kit";
import {
  chainIdsOf,
  type Distro,
  type EcosystemId,
  ecosystems,
  formatPurl,
  type ImageInfo,
  imageIdOf,
  type Knowledge,
  type Layer,
  lookUp,
  type Package,
  type Problem,
  parseDigest,
  parsePurl,
  problemLevels,
  type Report,
  sortProblems,
} from "@plimsoll/model";
import { at, badReport, isTrueAt, listed, needed, numberAt, type Place, textAt, wordIn } from "./document.ts";

/** `debian 12.5` as reports write it (contract 2.4 `baseOs`); `null` when it names none. */
export function distroIn(baseOs: string): Distro | null {
  const [id = "", versionId = ""] = baseOs.trim().split(/\s+/);
  return id === "" || id === "unknown" ? null : { id: id.toLowerCase(), idLike: [], versionId };
}

const osPackages: Readonly<Record<string, EcosystemId>> = {
  debian: "deb",
  ubuntu: "deb",
  alpine: "apk",
  wolfi: "apk",
  chainguard: "apk",
};
const byWireType: Readonly<Record<string, EcosystemId>> = {
  javascript: "npm",
  python: "pypi",
  java: "maven",
  ruby: "gem",
  golang: "golang",
  rust: "cargo",
  php: "composer",
  "C#": "nuget",
};

/** The ecosystem a report names, else what its package type means on that distribution. Throws BAD_REPORT. */
function ecosystemIn(place: Place, distro: Distro | null): EcosystemId {
  const own = ecosystems.find(({ id }) => id === textAt(place, "ecosystem"))?.id;
  if (own !== undefined) return own;
  const type = textAt(place, "type");
  const known = type === "os" ? (lookUp(osPackages, distro?.id ?? "") ?? "rpm") : lookUp(byWireType, type);
  if (known === undefined) throw badReport(`${place.where}.type is not a package type`);
  return known;
}

/** A package of a report. The reference calls Go's standard library `Go`. */
export function packageIn(place: Place, id: string, distro: Distro | null): Package {
  const ecosystem = ecosystemIn(place, distro);
  const name = textAt(place, "name");
  if (name === "") throw badReport(`${place.where}.name is missing`);
  // What the reference writes where nobody knows it.
  const told = textAt(place, "version");
  const version = told === "unknown" ? "" : told;
  const path = textAt(place, "path").replace(/^\/+/, "");
  const purl = textAt(place, "purl");
  const arch = parsePurl(purl)?.qualifiers?.arch;
  const isOs = ecosystem === "deb" || ecosystem === "rpm" || ecosystem === "apk";
  return {
    id,
    ecosystem,
    name: ecosystem === "golang" && name === "Go" ? "stdlib" : name,
    version,
    ...(isOs && arch !== undefined && { arch }),
    kind: "installed",
    purl: purl === "" ? formatPurl({ type: ecosystem, name, version }) : purl,
    locations: path === "" ? [] : [{ path, layer: null }],
    introducedIn: null,
    foundBy: "report",
  };
}

/** What a report says of its image; `null` when it names no image id. */
export function imageIn(metadata: Place, layers: readonly Layer[]): ImageInfo | null {
  const imageId = parseDigest(textAt(metadata, "imageId"));
  if (imageId === null) return null;
  return {
    imageId: imageIdOf(imageId),
    digest: parseDigest(textAt(metadata, "digest")),
    os: textAt(metadata, "os"),
    architecture: textAt(metadata, "architecture"),
    author: textAt(metadata, "author"),
    created: textAt(metadata, "createdAt") || null,
    size: Math.max(0, numberAt(metadata, "size")),
    config: { user: "", env: [], labels: {}, entrypoint: [], cmd: [], exposedPorts: [], workingDir: "" },
    layers: withChains(layers),
  };
}

function withChains(layers: readonly Layer[]): Layer[] {
  const chain = chainIdsOf(layers.flatMap(({ diffId }) => diffId ?? []));
  let filled = 0;
  return layers.map((layer) => (layer.diffId === null ? layer : { ...layer, chainId: chain[filled++] ?? null }));
}

/** Problems as our own reports carry them; the reference tells none. A report that calls itself incomplete stays so. */
export function problemsIn(result: Place): Problem[] {
  const told = at(result, "problems");
  const problems = (told === undefined ? [] : listed(told)).map((place): Problem => {
    const path = plainText(textAt(place, "path"), 1000);
    return {
      level: wordIn(needed(place, "level"), problemLevels),
      code: plainText(textAt(place, "code"), 100),
      message: plainText(textAt(place, "message"), 600),
      ...(path !== "" && { path }),
    };
  });
  const isSilent = at(result, "complete")?.value === false && !problems.some(({ level }) => level === "incomplete");
  const unsaid: Problem = {
    level: "incomplete",
    code: "report-incomplete",
    message: "the report says it is incomplete",
  };
  return sortProblems(isSilent ? [...problems, unsaid] : problems);
}

/** The knowledge a report names; the reference's name none: revision "". */
function knowledgeIn(result: Place): Knowledge {
  const told = at(result, "knowledge") ?? { value: {}, where: "" };
  const feeds = at(told, "feeds");
  return {
    revision: textAt(told, "revision"),
    builtAt: textAt(told, "builtAt"),
    starter: isTrueAt(told, "starter"),
    feeds: (feeds === undefined ? [] : listed(feeds)).map((feed) => ({
      id: textAt(feed, "id"),
      title: textAt(feed, "title"),
      date: textAt(feed, "date"),
      records: numberAt(feed, "records"),
    })),
    oldest: textAt(told, "oldest") || null,
    packagesJudged: numberAt(told, "packagesJudged"),
    packagesNotJudged: numberAt(told, "packagesNotJudged"),
    findingsUnrated: numberAt(told, "findingsUnrated"),
  };
}

/** When a report was made: an RFC 3339 moment. Throws BAD_REPORT. */
export function momentIn(text: string, where: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw badReport(`${where} is not a time`);
  return new Date(ms).toISOString();
}

/** What both kinds of report have in common, around what they differ in. */
export function reportOf(
  parts: Pick<Report, "sbom" | "findings" | "policies" | "evaluatedAt" | "stage">,
  result: Place,
): Report {
  const failed = parts.policies.some(({ status }) => status === "failed");
  const { problems } = parts.sbom;
  return {
    ...parts,
    suggestedFixes: [],
    verdict: {
      status: failed ? "failed" : "passed",
      complete: !problems.some(({ level }) => level === "incomplete"),
      validUntil: null,
    },
    knowledge: knowledgeIn(result),
    problems,
  };
}
