import { readFileSync } from "node:fs";
import type * as Tls from "node:tls";
import { messageOf } from "@plimsoll/kit";
import { cliError } from "./errors.ts";
import type { World } from "./world.ts";

/** Authorities trusted besides Node's own, PEM: those of SSL_CERT_FILE, as programs in Go and OpenSSL take it, and this machine's. Throws INPUT_FAILED. */
export function authorities({ SSL_CERT_FILE: path }: World["env"]): readonly string[] {
  const tls: typeof Tls = process.getBuiltinModule("node:tls");
  const named = path === undefined || path === "" ? [] : certificatesIn(readText(path));
  return [...named, ...tls.getCACertificates("system")];
}

function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw cliError("INPUT_FAILED", { fields: { path, why: messageOf(cause) }, cause });
  }
}
