import { linesOf } from "../decode-text.ts";

/** Variables that builds set to the program's own version. */
const versionNames: ReadonlySet<string> = new Set(["version", "buildversion", "appversion", "gitversion", "semver"]);

/** Packages whose variables speak of the main module though they are none of its own. */
const ownPackages: ReadonlySet<string> = new Set(["main", "github.com/prometheus/common/version"]);

/** Stamps looked at, and characters of them; real builds set about ten. */
const mostStamps = 200;
const mostCharacters = 65_536;

/**
 * The version that `-ldflags "-X package.variable=value"` stamped into the main module (cmd/link, recorded by
 * cmd/go since 1.18 unless `-trimpath` was given); `v` in front. "" when there is none, or none that is a release.
 */
export function stampedVersion(text: string, main: string): string {
  const stamps = stampsOf(flagsOf(text)).filter(({ variable }) => versionNames.has(variable.toLowerCase()));
  const own = stamps.filter(({ pkg }) => ownPackages.has(pkg) || pkg === main || pkg.startsWith(`${main}/`));
  const version = own.map(({ value }) => released(value)).find((value) => value !== "");
  return version ?? "";
}

/** `build\t-ldflags=…`, quoted as Go quotes strings when it holds blanks. */
function flagsOf(text: string): string {
  const start = "build\t";
  for (const line of linesOf(text)) {
    if (!line.startsWith(start)) continue;
    const setting = line.slice(start.length, mostCharacters).replace(/^"(.*)"$/, "$1");
    if (!setting.startsWith("-ldflags=")) continue;
    return setting
      .slice("-ldflags=".length)
      .replace(/^"(.*)"$/, "$1")
      .replace(/\\(["\\])/g, "$1");
  }
  return "";
}

interface Stamp {
  readonly pkg: string;
  readonly variable: string;
  readonly value: string;
}

/** `-X a/b.Version=1.2.3`, `-X=…`, `-X 'a/b.Version=1.2.3'`. */
function stampsOf(flags: string): Stamp[] {
  const found = flags.matchAll(/-X[ =]+(?:'([^']{1,1000})'|"([^"]{1,1000})"|([^\s'"]{1,1000}))/g).take(mostStamps);
  return [...found].flatMap(([, single, double, bare]) => {
    const stamp = single ?? double ?? bare ?? "";
    const equals = stamp.indexOf("=");
    const target = stamp.slice(0, Math.max(0, equals));
    const dot = target.lastIndexOf(".");
    return dot <= 0
      ? []
      : [{ pkg: target.slice(0, dot), variable: target.slice(dot + 1), value: stamp.slice(equals + 1) }];
  });
}

/** Three numbers, perhaps with a pre-release; what `git describe` adds to an unreleased state is none. */
function released(value: string): string {
  const match = /^v?(\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][\w.+-]{1,100})?)$/.exec(value.trim());
  return match === null || /-\d+-g[0-9a-f]{6,}/.test(value) ? "" : `v${match[1]}`;
}
