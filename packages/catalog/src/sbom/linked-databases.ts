import { plainText } from "@plimsoll/kit";
import type { Problem } from "@plimsoll/model";
import type { Cataloger } from "../cataloger.ts";
import type { FileTree } from "../layers/file-tree.ts";

/**
 * Package databases that a symlink hides: their tools would follow it, catalogers choose files by their own names. One
 * `incomplete` Problem for each cataloger whose database lies behind a link to where it reads nothing, whether or not
 * the link leads anywhere.
 */
export function linkedDatabases(tree: FileTree, catalogers: readonly Cataloger[]): Problem[] {
  return catalogers.flatMap((cataloger) => {
    const { places = [] } = cataloger;
    const isRead = (path: string): boolean =>
      cataloger.select({ path, type: "file", size: 1, mode: 0o644 }) !== "ignore";
    for (const path of places) {
      const place = tree.follow(path);
      if (place !== path && !isRead(place)) return [hidden(path, place)];
    }
    return [];
  });
}

function hidden(path: string, place: string): Problem {
  return {
    level: "incomplete",
    code: "package-database-behind-link",
    message: `a link leads to ${place === "" ? "itself" : plainText(place, 300)}, where nothing is read: packages told there are unknown`,
    next: "scan an image whose package database lies where its tools expect it",
    path,
  };
}
