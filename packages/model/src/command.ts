/**
 * A command of an image's history as a person would write it: without shells, build arguments and BuildKit's marks, long
 * hashes cut, one line. `command`: at most some thousand characters, already harmless to show; "" when nothing was recorded.
 */
export function writtenCommand(command: string): string {
  return command
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ # buildkit$/, "")
    .replace(/^(RUN )?(\|\d+ (?:[^\s=]+=\S* )*)?\/bin\/(?:ba)?sh -c #\(nop\) /, "")
    .replace(/^(?:RUN )?(?:\|\d+ (?:[^\s=]+=\S* )*)?\/bin\/(?:ba)?sh (?:-\w+ )*-c /, "RUN ")
    .replace(/(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{20,}/g, "$1…");
}
