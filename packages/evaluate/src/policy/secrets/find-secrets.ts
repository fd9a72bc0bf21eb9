import { secretPatterns, urlCredential } from "./secret-patterns.ts";

const maxText = 65_536;

/**
 * Kinds of credentials in a text (a history line, a label value), sorted, no repeats; the values themselves are never
 * returned. Known forms first; then values assigned to a telling name that look random or like a chosen password.
 * Texts are cut at 64 kB.
 */
export function findSecrets(text: string): string[] {
  const cut = text.slice(0, maxText);
  return unique([...knownForms(cut), ...urlPasswords(cut), ...assignedSecrets(cut)]);
}

/** As {@link findSecrets}, for one variable or label: its name tells what its value is. */
export function findNamedSecret(name: string, value: string): string[] {
  const cut = value.slice(0, maxText);
  const named = isSecretValue(name, cut) ? ["credential"] : [];
  return unique([...named, ...findSecrets(cut)]);
}

function knownForms(text: string): string[] {
  return secretPatterns
    .filter(({ keywords, expression }) => {
      if (!keywords.some((keyword) => text.includes(keyword))) return false;
      const found = expression.exec(text)?.[0];
      return found !== undefined && !isPlaceholder(found);
    })
    .map(({ kind }) => kind);
}

function urlPasswords(text: string): string[] {
  const passwords = [...text.matchAll(urlCredential)].map((match) => match[1] ?? "");
  return passwords.some((password) => !isPlaceholder(password)) ? ["password in a URL"] : [];
}

const assignment = /(?<![\w.$-])(-{0,2}[A-Za-z][\w.-]{1,63})=("[^"]{1,256}"|'[^']{1,256}'|[^\s"';&|)]{1,256})/g;

function assignedSecrets(text: string): string[] {
  if (!secretName.test(text)) return [];
  const pairs = [...text.matchAll(assignment)];
  return pairs.some(([, name = "", value = ""]) => isSecretValue(name, value.replace(/^["']|["']$/g, "")))
    ? ["credential"]
    : [];
}

const secretName = /passw(or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|credential/i;
/** Names that speak about a secret without holding it. */
const aboutSecret =
  /(file|path|dir|url|uri|host|name|user|id|ttl|expir\w{0,20}|length|version|type|algorithm|enabled?|disabled?|required|policy|endpoint|issuer|audience|sha\d{0,4}|hash|checksum|public_?key|tokenizers?\w{0,40}|prefix|header)$/i;

function isSecretValue(name: string, value: string): boolean {
  if (!secretName.test(name) || aboutSecret.test(name) || isPlaceholder(value)) return false;
  // A password may be a short word somebody chose; a token or key is long and random.
  if (/passw(or)?d|passphrase/i.test(name)) return value.length >= 6 && entropyOf(value) >= 2;
  return value.length >= 16 && entropyOf(value) >= 3;
}

/** Empty, a reference, a path, a masked or sample value, a plain word for on and off, a number. */
function isPlaceholder(value: string): boolean {
  return (
    /^$|^[/.~]|[$<>{}%]|^(true|false|yes|no|on|off|none|null|nil|unset|disabled|enabled|required|optional)$/i.test(
      value,
    ) ||
    /^(\d+|(.)\2*)$/.test(value) ||
    /example|placeholder|redacted|dummy|change[-_]?me|your[-_]|x{4,}|\*{3,}/i.test(value)
  );
}

/** Shannon entropy, bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...counts.values()].reduce((bits, count) => bits - (count / total) * Math.log2(count / total), 0);
}

function unique(kinds: readonly string[]): string[] {
  return [...new Set(kinds)].sort();
}
