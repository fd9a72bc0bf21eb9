/** What opens a registry: user and password, or an identity token that is exchanged for access tokens. */
export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string };

/** What looking for credentials gave. */
export interface CredentialsAnswer {
  readonly credentials: Credentials | null;
  /** Why there are none although there should be, in words without secrets. */
  readonly fault: string | null;
}
