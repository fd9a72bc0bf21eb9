import type { CredentialRow, CredentialTest } from "@plimsoll/platform";

/** A credential as the API shows it: never with its secret. */
export function credentialFacts({ team, skipTls, ca, createdAt, updatedAt, ...row }: CredentialRow) {
  return {
    id: row.id,
    name: row.name,
    registry: row.registry,
    path: row.path,
    type: row.type,
    username: row.username,
    skipTlsVerify: skipTls,
    caCertificate: ca,
    teamId: team,
    createdBy: row.createdBy,
    createdAt: createdAt.toISOString(),
    updatedBy: row.updatedBy,
    updatedAt: updatedAt.toISOString(),
  };
}

/** What trying a credential showed, its failure in the words of all errors. */
export function testFacts(test: CredentialTest) {
  if (test.outcome === "ok") return { ...test, error: null };
  const { code: type, message, next } = test.error;
  return { outcome: test.outcome, hasLoggedIn: false, digest: null, error: { type, message, details: [next] } };
}
