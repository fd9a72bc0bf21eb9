import { sign, verify } from "node:crypto";
import { vulndbError } from "../errors.ts";
import { parseJson } from "../records/json-text.ts";
import { memberOf, objectsOf, textOf } from "../records/json-value.ts";
import type { SigningKey, Trust, TrustedKey } from "./keys.ts";

/** What a signature of ours speaks of; the number is the version of the manifest. */
const payloadType = "application/vnd.plimsoll.vulndb.revision.v1+json";

const mostSignatures = 16;

/** A payload whose signature holds. */
export interface Verified {
  readonly payload: Buffer;
  /** Ids of the trusted keys that signed it; empty only where unsigned ones were allowed. */
  readonly signedBy: readonly string[];
}

/**
 * Signs a manifest: a DSSE envelope (secure-systems-lab/dsse, protocol and envelope 1.0) with one Ed25519 signature for
 * each key. Without keys it is unsigned, and refused by everybody who did not ask for that.
 */
export function signEnvelope(payload: Uint8Array, keys: readonly SigningKey[]): string {
  const signed = preAuthentication(payload);
  const signatures = keys.map(({ id, secret }) => ({ keyid: id, sig: sign(null, signed, secret).toString("base64") }));
  return `${JSON.stringify({ payloadType, payload: Buffer.from(payload).toString("base64"), signatures })}\n`;
}

export interface OpenEnvelopeOptions {
  readonly trust: Trust;
  /** Named in errors. */
  readonly place: string;
  /** Takes also what nobody trusted signed. */
  readonly allowUnsigned?: boolean;
}

/** The payload of an envelope that a trusted key signed. Throws REVISION_UNREADABLE, REVISION_UNSIGNED, KEY_UNKNOWN, KEY_RETIRED, SIGNATURE_WRONG. */
export function openEnvelope(bytes: Uint8Array, { trust, place, allowUnsigned }: OpenEnvelopeOptions): Verified {
  const document = parseJson(Buffer.from(bytes).toString("utf8"));
  const payload = exactBase64(textOf(memberOf(document, "payload")));
  if (memberOf(document, "payloadType") !== payloadType || payload === null) {
    throw vulndbError("REVISION_UNREADABLE", { fields: { place, why: "it is no signed revision of a database" } });
  }
  const signatures = signaturesOf(memberOf(document, "signatures"));
  const signed = preAuthentication(payload);
  const holding = trust.keys.filter(({ key }) => signatures.some(({ sig }) => verify(null, signed, key, sig)));
  if (holding.length === 0 && allowUnsigned !== true) throw refusal(signatures, trust, place);
  return { payload, signedBy: holding.map(({ id }) => id).sort() };
}

interface Signature {
  /** What the envelope says: a hint for people, and for nothing else. */
  readonly keyid: string;
  readonly sig: Buffer;
}

function signaturesOf(value: unknown): Signature[] {
  return objectsOf(value)
    .slice(0, mostSignatures)
    .flatMap((signature) => {
      const sig = exactBase64(textOf(memberOf(signature, "sig")));
      return sig === null ? [] : [{ keyid: textOf(memberOf(signature, "keyid")) ?? "", sig }];
    });
}

function refusal(signatures: readonly Signature[], { keys, retired }: Trust, place: string): Error {
  const [first] = signatures;
  if (first === undefined) return vulndbError("REVISION_UNSIGNED", { fields: { place } });
  const named = (ids: readonly string[]) => signatures.find(({ keyid }) => ids.includes(keyid))?.keyid;
  const fields = (key: string) => ({ fields: { place, key: key.slice(0, 16) } });
  const known = named(keys.map(({ id }: TrustedKey) => id));
  if (known !== undefined) return vulndbError("SIGNATURE_WRONG", fields(known));
  const gone = named([...retired]);
  if (gone !== undefined) return vulndbError("KEY_RETIRED", fields(gone));
  return vulndbError("KEY_UNKNOWN", fields(first.keyid === "" ? "a key without id" : first.keyid));
}

/** DSSE, protocol 1.0, "PAE": type and body with their lengths, so that neither can pass for the other. */
function preAuthentication(payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head, "utf8"), payload]);
}

/** Bytes of a base64 text; `null` for anything that is not the one way to write them. */
function exactBase64(text: string | null): Buffer | null {
  if (text === null) return null;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}
