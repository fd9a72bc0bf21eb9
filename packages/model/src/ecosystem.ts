/** Version schemes; one comparator each in `@plimsoll/versions`. */
export const versionSchemes = [
  "deb",
  "rpm",
  "apk",
  "semver",
  "go",
  "pep440",
  "gem",
  "maven",
  "nuget",
  "composer",
  "generic",
] as const;
export type VersionScheme = (typeof versionSchemes)[number];

/** `package.type` on the v1/v0 wire: the contract's closed list (decision 22). */
export type WireType = "os" | "java" | "javascript" | "python" | "golang" | "ruby" | "rust" | "php" | "C#";

export interface Ecosystem {
  /** Our word, also the key of advisories for language ecosystems. */
  readonly id: string;
  readonly label: string;
  /** purl type (purl-spec, types). */
  readonly purlType: string;
  /** OSV schema ecosystem name, `null` where OSV names it by distribution. */
  readonly osv: string | null;
  readonly scheme: VersionScheme;
  readonly wireType: WireType;
  /** Operating-system packages are matched only through their distro's advisories (truth 10). */
  readonly os: boolean;
}

/** The one table of ecosystems: purl, label, OSV name, version scheme and wire type follow from its rows. */
export const ecosystems = [
  { id: "deb", label: "Debian package", purlType: "deb", osv: null, scheme: "deb", wireType: "os", os: true },
  { id: "apk", label: "Alpine package", purlType: "apk", osv: null, scheme: "apk", wireType: "os", os: true },
  { id: "rpm", label: "RPM package", purlType: "rpm", osv: null, scheme: "rpm", wireType: "os", os: true },
  { id: "npm", label: "npm", purlType: "npm", osv: "npm", scheme: "semver", wireType: "javascript", os: false },
  { id: "pypi", label: "Python", purlType: "pypi", osv: "PyPI", scheme: "pep440", wireType: "python", os: false },
  { id: "gem", label: "RubyGems", purlType: "gem", osv: "RubyGems", scheme: "gem", wireType: "ruby", os: false },
  { id: "maven", label: "Java", purlType: "maven", osv: "Maven", scheme: "maven", wireType: "java", os: false },
  { id: "golang", label: "Go", purlType: "golang", osv: "Go", scheme: "go", wireType: "golang", os: false },
  { id: "cargo", label: "Rust", purlType: "cargo", osv: "crates.io", scheme: "semver", wireType: "rust", os: false },
  { id: "nuget", label: ".NET", purlType: "nuget", osv: "NuGet", scheme: "nuget", wireType: "C#", os: false },
  {
    id: "composer",
    label: "PHP",
    purlType: "composer",
    osv: "Packagist",
    scheme: "composer",
    wireType: "php",
    os: false,
  },
] as const satisfies readonly Ecosystem[];

export type EcosystemId = (typeof ecosystems)[number]["id"];

const byId: ReadonlyMap<string, Ecosystem> = new Map(ecosystems.map((row) => [row.id, row]));

/** The row of an ecosystem id. */
export function ecosystemOf(id: EcosystemId): Ecosystem {
  return byId.get(id) ?? ecosystems[0];
}

/** The id for an OSV ecosystem name (`PyPI`, `crates.io`; a `:suffix` is ignored); `null` when it is none of ours. */
export function ecosystemOfOsv(name: string): EcosystemId | null {
  const plain = name.split(":", 1)[0];
  return ecosystems.find((row) => row.osv === plain)?.id ?? null;
}

/** The name under which advisories and packages of an ecosystem meet (PEP 503 for PyPI; NuGet and Packagist names ignore case). */
export function advisoryName(ecosystem: EcosystemId, name: string): string {
  if (ecosystem === "pypi") return name.toLowerCase().replace(/[-_.]+/g, "-");
  if (ecosystem === "nuget" || ecosystem === "composer") return name.toLowerCase();
  return name;
}
