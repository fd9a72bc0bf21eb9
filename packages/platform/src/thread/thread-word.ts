import { messageOf, PlimsollError } from "@plimsoll/kit";

/** An error of the one class, as data. */
interface ErrorData {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly exit: 2 | 3;
  readonly status: number;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** What a thread says: plain data. */
export type ThreadWord<Result, Progress> =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "failed"; readonly error: ErrorData }
  | { readonly kind: "broken"; readonly why: string };

/** An error on its way out of a thread. */
export function wordOfError(error: unknown): Extract<ThreadWord<never, never>, { kind: "failed" | "broken" }> {
  if (!(error instanceof PlimsollError)) return { kind: "broken", why: messageOf(error) };
  const { code, message, next, exit, status, fields } = error;
  return { kind: "failed", error: { code, message, next, exit, status, fields } };
}

/** The same, arrived. */
export function errorOfWord(word: ReturnType<typeof wordOfError>): Error {
  if (word.kind === "broken") return new Error(word.why);
  const { code, fields, ...spec } = word.error;
  return new PlimsollError(code, spec, { fields });
}
