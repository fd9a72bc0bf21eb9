import { plainText } from "@plimsoll/kit";

/** Text from outside for the body or a quoted attribute of an HTML page; control characters and marks of direction are shown, not obeyed. */
export function htmlText(text: string, limit = 2000): string {
  return plainText(text, limit).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * Text from outside as a code span of a Markdown page, also inside a table: nothing in it is markup, a link, a mention
 * of a user or an issue.
 */
export function markdownCode(text: string, limit = 200): string {
  return text === "" ? "" : `<code>${markdownText(text, limit)}</code>`;
}

/** The same as plain words. References stand for every character that Markdown, its tables, links and mentions know (CommonMark 0.31 section 2.5: they are never structure). */
export function markdownText(text: string, limit = 600): string {
  return plainText(text, limit)
    .replace(/[&<>"'`|*_~[\](){}#@:!\\$^=]|(?<=www)\./gi, (char) => `&#${char.charCodeAt(0)};`)
    .trim();
}
