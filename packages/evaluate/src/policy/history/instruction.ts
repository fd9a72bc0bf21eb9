/** One history row as a build instruction: `RUN` with its script, or any other word with the rest of its line. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

const words = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

/**
 * Reads the `created_by` text of a history row. The classic builder writes `/bin/sh -c #(nop) ADD …` for metadata and
 * `/bin/sh -c …` or `|2 A=1 B=2 /bin/sh -c …` for RUN; BuildKit writes the instruction itself, `RUN /bin/sh -c … # buildkit`.
 * A comment has the word "".
 */
export function readInstruction(command: string): Instruction {
  const text = command.trim();
  const nop = /^\/bin\/sh -c #\(nop\)\s*/.exec(text);
  const plain = nop === null ? text : text.slice(nop[0].length);
  if (plain.startsWith("#")) return { word: "", rest: plain };
  const word = (/^[A-Za-z]+(?=\s|$)/.exec(plain)?.[0] ?? "").toUpperCase();
  if (!words.has(word)) return { word: "RUN", rest: scriptOf(plain) };
  const rest = plain.slice(word.length).trim();
  return { word, rest: word === "RUN" ? scriptOf(rest) : rest };
}

/** Without the build arguments (`|2 A=1 B=2`), whose values may hold anything, and without the shell in front. */
function scriptOf(text: string): string {
  const shell = text.indexOf("/bin/sh -c ");
  return text.startsWith("|") && shell >= 0 ? text.slice(shell) : text;
}
