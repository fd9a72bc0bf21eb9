import { dateField } from "./field.ts";

/** Facts of an Exploit record that SSVC gives. */
export interface SsvcExploit {
  readonly count: number;
  readonly published?: string;
}

/**
 * What CISA's SSVC decision point "Exploitation" says about public exploits (CISA SSVC guide: `poc` = a proof of concept
 * is public or exploitation is trivial, `active` = reliable evidence of exploitation in the wild). Both mean at least
 * one exploit is known, hence count 1; `none` and anything else give `null`. The date is that of the earliest decision:
 * the exploit was public then at the latest.
 */
export function exploitOfSsvc(options: readonly unknown[], timestamps: readonly unknown[]): SsvcExploit | null {
  const isKnown = options.some((option) => typeof option === "string" && /^(poc|active)$/i.test(option));
  if (!isKnown) return null;
  const published = timestamps
    .map(dateField)
    .filter((date) => date !== undefined)
    .sort()[0];
  return { count: 1, ...(published !== undefined && { published }) };
}
