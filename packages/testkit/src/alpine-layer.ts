import type { TarEntry } from "./tar.ts";

/** Entries of a layer of Alpine 3.18 with these packages, each `NAME VERSION`. */
export function alpineLayer(...packages: readonly string[]): TarEntry[] {
  const records = packages.map((text) => {
    const [name, version] = text.split(" ");
    return `P:${name}\nV:${version}\nA:x86_64\no:${name}\n\n`;
  });
  return [
    { path: "etc/os-release", body: "ID=alpine\nVERSION_ID=3.18.4\n" },
    { path: "lib/apk/db/installed", body: records.join("") },
  ];
}
