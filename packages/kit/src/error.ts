/** One row of a room's error table. */
export interface ErrorSpec {
  /** What went wrong, one line; `{name}` is replaced by the field of that name. */
  readonly message: string;
  /** What the user does next, one line. */
  readonly next: string;
  /** CLI exit code (decision 2): 2 wrong parameters, 3 could not do it. */
  readonly exit: 2 | 3;
  /** HTTP status for the same error at the API's door. */
  readonly status: number;
}

/** Code (SCREAMING_SNAKE) → row. Each room exports one, named `<room>Errors`. */
export type ErrorTable = Readonly<Record<string, ErrorSpec>>;

export type ErrorFields = Readonly<Record<string, string | number>>;

/** The one error class: code, one-line message, what to do next, exit code, HTTP status; `cause` is kept. */
export class PlimsollError extends Error {
  override readonly name = "PlimsollError";
  readonly code: string;
  readonly next: string;
  readonly exit: 2 | 3;
  readonly status: number;
  readonly fields: ErrorFields;

  constructor(code: string, spec: ErrorSpec, options: { fields?: ErrorFields; cause?: unknown } = {}) {
    const fields = options.fields ?? {};
    super(fill(spec.message, fields), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = fill(spec.next, fields);
    this.exit = spec.exit;
    this.status = spec.status;
    this.fields = fields;
  }
}

/** A maker of errors for one room's table: `throw sourceError("DIGEST_MISMATCH", { fields: { digest }, cause })`. */
export function errorMaker<T extends ErrorTable>(table: T) {
  return (code: keyof T & string, options: { fields?: ErrorFields; cause?: unknown } = {}): PlimsollError => {
    const spec = table[code];
    if (spec === undefined) throw new TypeError(`no such error code: ${code}`);
    return new PlimsollError(code, spec, options);
  };
}

/** Message of anything thrown, one line, control characters shown harmlessly. */
export function messageOf(thrown: unknown): string {
  return plainText(thrown instanceof Error ? thrown.message : String(thrown));
}

function fill(template: string, fields: ErrorFields): string {
  return plainText(template.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole)));
}

/** Text from outside made safe for a terminal or a log line: control (C0, C1, DEL), line and bidi characters become `\u{…}`; cut at `limit` characters. */
export function plainText(text: string, limit = 2000): string {
  const safe = text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, escapeChar);
  return safe.length > limit ? `${safe.slice(0, limit).toWellFormed()}…` : safe.toWellFormed();
}

function escapeChar(char: string): string {
  return char === "\n" || char === "\t" ? " " : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
