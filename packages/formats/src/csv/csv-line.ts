import { plainText } from "@plimsoll/kit";

/** One line of a CSV file (RFC 4180), ended by CRLF. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

/** A spreadsheet takes a field that begins so for a formula (OWASP, CSV injection); numbers and npm scopes are none. */
const formula = /^[=+\-@\t\r]/;
const harmless = /^(?:[+-]?\d+(?:\.\d+)?|@[a-z0-9][a-z0-9._-]*\/[a-z0-9._-]+)$/i;

function field(value: string): string {
  const text = plainText(value, 4000);
  const safe = formula.test(text) && !harmless.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
