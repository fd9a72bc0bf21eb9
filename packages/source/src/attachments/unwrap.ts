import { itemsOf, type JsonObject, objectOf, parseObject, textOf } from "../image/json.ts";

/**
 * The document inside the envelopes in which it travels: a sigstore bundle or DSSE envelope around an in-toto statement
 * around the predicate. What is in no envelope stays as it is. The signatures of an envelope are not verified.
 */
export function unwrapped(bytes: Uint8Array): Uint8Array {
  const document = parseObject(bytes);
  if (document === null) return bytes;
  const statement = statementOf(document);
  const predicate = statement === null ? undefined : statement.predicate;
  if (predicate === undefined) return bytes;
  // cosign puts documents that are no JSON, and those it was given by older versions, in as text.
  const data = textOf(predicate) || textOf(objectOf(predicate)?.Data);
  return Buffer.from(data === "" ? JSON.stringify(predicate) : data, "utf8");
}

/** An in-toto statement (in-toto/attestation), bare or signed. */
function statementOf(document: JsonObject): JsonObject | null {
  const envelope = objectOf(document.dsseEnvelope) ?? document;
  const payload = textOf(envelope.payload);
  if (payload !== "" && itemsOf(envelope.signatures).length > 0) return parseObject(Buffer.from(payload, "base64"));
  return textOf(document.predicateType) === "" ? null : document;
}
