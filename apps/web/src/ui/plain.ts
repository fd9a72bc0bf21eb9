/** Characters that steer a terminal or turn writing around, and those that show as nothing: never shown as themselves. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** Names from images as harmless text: what cannot be seen is written out, `U+202E`. */
export function plain(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
  });
}

/** A long name with its middle left out: both ends tell names apart. `most`: characters. */
export function shortened(text: string, most: number): string {
  const letters = [...plain(text)];
  if (letters.length <= most) return letters.join("");
  const kept = most - 1;
  const head = Math.ceil(kept / 2);
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - (kept - head)).join("")}`;
}
