import { X509Certificate } from "node:crypto";
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import { type Log, messageOf } from "@plimsoll/kit";
import { serverError } from "../errors.ts";

export interface CertificatePair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate and its key, followed while they change. */
export interface TlsFiles extends Disposable {
  readonly current: () => CertificatePair;
  /** Reads both again; what cannot be used is logged, and the old pair stays. */
  readonly reload: () => void;
  readonly onChange: (listener: (pair: CertificatePair) => void) => void;
}

const lookEveryMs = 5000;

/** Opens a pair of PEM files. Throws TLS_FILES when they cannot be used. */
export function openTlsFiles(paths: { readonly cert: string; readonly key: string }, log: Log): TlsFiles {
  let pair = read(paths);
  const listeners: ((pair: CertificatePair) => void)[] = [];
  const reload = (): void => {
    try {
      const fresh = read(paths);
      if (fresh.cert.equals(pair.cert) && fresh.key.equals(pair.key)) return;
      pair = fresh;
      for (const listener of listeners) listener(fresh);
      log.info("a new certificate is in use", { until: new X509Certificate(fresh.cert).validTo });
    } catch (error) {
      log.warn("the new certificate cannot be used, the old one stays", { why: messageOf(error) });
    }
  };
  // By looking, not by being told: mounted files change by links of links (Kubernetes), on file systems that tell nobody.
  for (const path of [paths.cert, paths.key]) {
    watchFile(path, { interval: lookEveryMs, persistent: false }, reload);
  }
  return {
    current: () => pair,
    reload,
    onChange: (listener) => void listeners.push(listener),
    [Symbol.dispose]: () => {
      for (const path of [paths.cert, paths.key]) unwatchFile(path, reload);
    },
  };
}

function read({ cert, key }: { readonly cert: string; readonly key: string }): CertificatePair {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) };
    // Both parse, and belong together.
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    throw serverError("TLS_FILES", { fields: { cert, key, why: messageOf(cause) }, cause });
  }
}
