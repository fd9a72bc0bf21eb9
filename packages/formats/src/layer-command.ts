import { plainText } from "@plimsoll/kit";

/** A history command as a person would write it: without shells, build arguments and BuildKit's marks, long hashes cut, one line. */
export function layerCommand(command: string): string {
  const line = plainText(command, 2000)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ # buildkit$/, "")
    .replace(/^(RUN )?(\|\d+ (?:[^\s=]+=\S* )*)?\/bin\/(?:ba)?sh -c #\(nop\) /, "")
    .replace(/^(?:RUN )?(?:\|\d+ (?:[^\s=]+=\S* )*)?\/bin\/(?:ba)?sh (?:-\w+ )*-c /, "RUN ")
    .replace(/([0-9a-f]{12})[0-9a-f]{20,}/g, "$1…");
  return line === "" ? "(no command recorded)" : line;
}
