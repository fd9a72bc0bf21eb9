/** What opens a registry: user and password, an identity token that is exchanged for access tokens, or such a one itself. */
export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string }
  | { readonly kind: "access-token"; readonly token: string };

/** Credentials as they are given for one registry. */
export type RegistryLogin =
  | { readonly user: string; readonly password: string }
  | Exclude<Credentials, { readonly kind: "password" }>;

/** What looking for credentials gave. */
export interface CredentialsAnswer {
  readonly credentials: Credentials | null;
  /** Why there are none although there should be, in words without secrets. */
  readonly fault: string | null;
}
