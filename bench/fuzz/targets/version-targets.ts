import type { VersionScheme } from "../../../packages/model/src/index.ts";
import {
  compareParsed,
  complement,
  isAffected,
  mergeRanges,
  parseConstraint,
  parseVersion,
  schemeModules,
} from "../../../packages/versions/src/index.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateLines } from "../mutate-lines.ts";
import { promise } from "../promises.ts";
import { sharedFiles } from "../seeds.ts";
import type { FuzzTarget, Outcome } from "../target.ts";

const samples = [
  "1.2.3\n1.2.3-rc.1\n1.2.3+build",
  "1:2.36-9+deb12u4\n2.36-9\n2.36~rc1-1",
  "0:3.0.7-18.el9_2\n3.0.7-16.el9\n3.0.7^git1-1",
  "1.2.4_pre2-r1\n1.2.4-r0\n1.2.4_p1",
  "1!2.0.post1.dev3+local.7\n2.0a1\n2.0rc1",
  "1.0-alpha-1-SNAPSHOT\n1.0.Final\n1-sp",
  "v1.2.3-0.20240101000000-abcdefabcdef\nv1.2.3+incompatible\ngo1.22rc1",
  "1.0.0.beta.2\n1.0.0.0\n1.a",
  "dev-master\n1.0.x-dev\n1.0-RC1",
];

/** Three versions, a line each: read, and in a total order. */
function versionsOf(scheme: VersionScheme): FuzzTarget {
  return {
    name: `version-${scheme}`,
    scope: [
      `packages/versions/src/${scheme}.ts`,
      "packages/versions/src/tokens.ts",
      "packages/versions/src/in-turn.ts",
      "packages/versions/src/scheme.ts",
      "packages/versions/src/natural.ts",
    ],
    mutators: [mutateBytes, mutateLines],
    maxBytes: 3000,
    share: 0.5,
    seeds: async () => [...samples.map((text) => Buffer.from(text)), ...(await realVersions())],
    run(input) {
      const parsed = input
        .toString("utf8")
        .split("\n", 4)
        .map((text) => parseVersion(scheme, text))
        .filter((version) => version !== null);
      const signs = parsed.map((a) => parsed.map((b) => Math.sign(compareParsed(a, b)) + 0));
      for (const index of signs.keys()) promiseOrder(scheme, signs, index);
      return { shape: signs.flat().join(), value: parsed.map(({ text }) => text) };
    },
  };
}

/** Each is equal to itself, the order turns round when the two change places, and it carries over. */
function promiseOrder(scheme: VersionScheme, signs: readonly (readonly number[])[], index: number): void {
  const row = signs[index] ?? [];
  promise(row[index] === 0, "a version that is not equal to itself");
  for (const [other, sign] of row.entries()) {
    const theirs = signs[other] ?? [];
    promise(sign + (theirs[index] ?? Number.NaN) === 0, "a before b, and b before a");
    // Maven's own order does not: 1.0.0.beta.2 < 1.0 < 1.a < 1.0.0.beta.2.
    const carried = scheme === "maven" || sign > 0 || theirs.every((next, third) => next > 0 || (row[third] ?? 1) <= 0);
    promise(carried, "a <= b and b <= c, but a > c");
  }
}

async function realVersions(): Promise<Buffer[]> {
  const files = await sharedFiles({
    archives: ["pkgdb/language-lockfiles-manifests.tar.zst", "pkgdb/dpkg-apk-osrelease.tar.zst"],
    wants: ({ bytes }) => /version/i.test(bytes.toString("latin1", 0, 4000)),
    most: 100,
  });
  const words = files.flatMap(({ bytes }) => bytes.toString("latin1").match(/\b[v~^]?\d[\w.+~:^-]{2,30}/g) ?? []);
  const different = [...new Set(words)];
  const step = Math.max(3, Math.floor(different.length / 150));
  return Array.from({ length: 150 }, (_, index) =>
    Buffer.from(different.slice(index * step, index * step + 3).join("\n")),
  );
}

const schemes = schemeModules.map(({ scheme }) => scheme);

/** `SCHEME\nCONSTRAINT\nVERSION`: ranges are read, joined and turned round without contradiction. */
const constraint: FuzzTarget = {
  name: "version-ranges",
  scope: ["packages/versions/src/"],
  mutators: [mutateBytes, mutateLines],
  maxBytes: 6000,
  seeds: async () =>
    schemes.flatMap((scheme) =>
      [">= 1.0, < 2.0 || = 3.1", "~> 1.2.3", "*", "!= 1.0 , > 0.5"].map((text) =>
        Buffer.from(`${scheme}\n${text}\n1.2.3`),
      ),
    ),
  run(input): Outcome {
    const [name = "", text = "", version = ""] = input.toString("utf8").split("\n");
    const scheme = schemes.find((one) => one === name) ?? schemes[input.length % schemes.length] ?? "semver";
    const ranges = parseConstraint(scheme, text);
    if (ranges === null) return { shape: "unreadable", value: null };
    const merged = mergeRanges(scheme, ranges);
    const outside = merged === null ? null : complement(scheme, merged);
    const isIn = isAffected(scheme, version, { ranges });
    const isOut = isAffected(scheme, version, { ranges: outside ?? [] });
    // rpm compares a version without release to the end of a range in a way of its own.
    if (outside !== null && parseVersion(scheme, version) !== null && scheme !== "rpm") {
      promise(isIn.affected !== isOut.affected, "a version both inside and outside, or in neither");
    }
    return {
      shape: `${scheme} ${ranges.length} ${outside?.length} ${isIn.affected}`,
      value: [ranges, merged, outside, isIn, isOut],
    };
  },
};

export const versionTargets: readonly FuzzTarget[] = [...schemes.map(versionsOf), constraint];
