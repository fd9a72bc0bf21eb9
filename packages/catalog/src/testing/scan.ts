import { defaultLimits, type Limits } from "@plimsoll/kit";
import type { Package, Sbom } from "@plimsoll/model";
import { expect } from "vitest";
import { type AnalyzeOptions, analyze } from "../analyze.ts";
import { type FakeEntry, type FakeImageOptions, fakeDiffId, fakeImage } from "./fake-source.ts";

/** A fake image: its layers from the lowest up, each the entries of its archive. */
export type Layers = readonly (readonly FakeEntry[])[];

/** Analyzes a fake image with every cataloger and the default limits, unless told otherwise. */
export const scan = (layers: Layers, options: Partial<AnalyzeOptions> & FakeImageOptions = {}): Promise<Sbom> =>
  analyze(fakeImage(layers, options), { limits: defaultLimits, ...options });

/** Options with other limits than the default ones. */
export const limited = (limits: Partial<Limits>) => ({ limits: { ...defaultLimits, ...limits } });

/** A dpkg database of `name=version` words. */
export const dpkg = (...words: readonly string[]): FakeEntry => ({
  path: "var/lib/dpkg/status",
  body: words
    .map(
      (word) =>
        `Package: ${word.split("=")[0]}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${word.split("=")[1]}\n\n`,
    )
    .join(""),
});

/** An installed npm package below a folder. */
export const npm = (folder: string, name: string, version: string): FakeEntry => ({
  path: `${folder}/node_modules/${name}/package.json`,
  body: JSON.stringify({ name, version }),
});

/** `name@version introduced-removed`, layers by number. */
export function stays({ packages }: Sbom): string[] {
  const number = (pkg: string | null | undefined): string => {
    const index = [0, 1, 2, 3, 4].find((one) => fakeDiffId(one) === pkg);
    return index === undefined ? "" : String(index);
  };
  return packages.map((pkg) => `${pkg.name}@${pkg.version} ${number(pkg.introducedIn)}-${number(pkg.removedIn)}`);
}

/** `level code` of every problem. */
export const codes = ({ problems }: Sbom): string[] => problems.map(({ level, code }) => `${level} ${code}`);

/** The one package there is; fails when there is none or there are more. */
export const only = ({ packages }: Sbom): Package => {
  expect(packages).toHaveLength(1);
  return packages[0] as Package;
};
