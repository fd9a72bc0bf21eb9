/** Why a difference between two inventories is as it should be. First fit wins. */
export interface Explanation {
  /** Which peer; both when absent. */
  readonly peer?: "syft" | "trivy";
  /** `more`: the peer lists what we do not; `less`: we list what the peer does not. */
  readonly side: "more" | "less";
  /** Tested on `TYPE NAME VERSION | PATH PATH …`; there is nothing behind NAME when the version is not known. */
  readonly pattern: RegExp;
  readonly reason: string;
}

/** Every explained kind of difference; docs/coverage.md says the same at more length. */
const explanations: readonly Explanation[] = [
  { side: "more", pattern: /^rpm gpg-pubkey /, reason: "a signing key that rpm lists, no software" },
  {
    side: "more",
    pattern: /^npm \S+ +\|/,
    reason: "a package.json without a version: there is nothing to judge",
  },
  {
    side: "more",
    pattern: /^npm .*\/(?:test|tests|example|examples|benchmark|benchmarks|fixtures)\//,
    reason: "test data inside a module, not code that runs",
  },
  {
    side: "more",
    pattern: /^npm (?:bin|dist) 1\.0\.0 .*\/terser\/(?:bin|dist)\/package\.json/,
    reason: 'settings for Node, marked "private": there is no such package',
  },
  {
    side: "more",
    pattern: /^npm [^|]+\|(?! .*node_modules\/)(?! .*usr\/share\/nodejs\/)/,
    reason: "an application's own package.json: it names what is being made, not what was installed",
  },
  {
    side: "more",
    pattern: /^golang \S+ +\|/,
    reason: "a main module named after the program's path, without a version",
  },
  {
    peer: "syft",
    side: "more",
    pattern: /^maven .*\| usr\/share\/java\//,
    reason: "a Debian jar named after its file, besides what its pom says",
  },
  {
    peer: "trivy",
    side: "less",
    pattern: /^(?:npm|pypi|gem|maven) .*\| usr\/(?:share|lib)\//,
    reason: "Trivy leaves out language packages in files of dpkg packages",
  },
  {
    peer: "trivy",
    side: "less",
    pattern: /^maven /,
    reason: "a jar without Maven's files: Trivy knows those by its Java index only",
  },
  {
    peer: "syft",
    side: "less",
    pattern: /^maven .*\| usr\/share\/java\//,
    reason: "Debian jars that Syft gives the name of another",
  },
  { side: "less", pattern: /^maven \S+ +\|/, reason: "a jar that names no version, listed by us as not judged" },
  {
    peer: "trivy",
    side: "less",
    pattern: /^golang \S+ +\|/,
    reason: "a module replaced by a folder: Trivy leaves it out, we list it as not judged",
  },
  {
    peer: "trivy",
    side: "less",
    pattern: /^golang stdlib /,
    reason: "a Go program built outside module mode: Trivy leaves it out altogether",
  },
];

/** The reason for a difference; `null` when there is none yet. */
export function explain(peer: string, side: Explanation["side"], line: string): string | null {
  const found = explanations.find((row) => (row.peer ?? peer) === peer && row.side === side && row.pattern.test(line));
  return found?.reason ?? null;
}
