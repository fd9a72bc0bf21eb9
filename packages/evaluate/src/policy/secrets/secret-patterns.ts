/** A text that by its own form is a credential. */
export interface SecretPattern {
  readonly kind: string;
  /** Cheap test before the expression: the text must contain one of these. */
  readonly keywords: readonly string[];
  readonly expression: RegExp;
}

/** Forms as documented by their issuers; every repetition is bounded, and a long one ends where it could begin anew: a match costs linear time. */
export const secretPatterns: readonly SecretPattern[] = [
  { kind: "private key", keywords: ["PRIVATE KEY"], expression: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY/ },
  { kind: "AWS access key", keywords: ["AKIA", "ASIA"], expression: /\bA(?:K|S)IA[A-Z2-7]{16}\b/ },
  {
    kind: "GitHub token",
    keywords: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    expression: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/,
  },
  { kind: "GitHub token", keywords: ["github_pat_"], expression: /\bgithub_pat_\w{22,255}\b/ },
  { kind: "GitLab token", keywords: ["glpat-"], expression: /\bglpat-[\w-]{20,64}/ },
  { kind: "Slack token", keywords: ["xox"], expression: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/ },
  { kind: "Google API key", keywords: ["AIza"], expression: /\bAIza[\w-]{35}(?![\w-])/ },
  { kind: "Stripe key", keywords: ["_live_"], expression: /\b[sr]k_live_[A-Za-z0-9]{16,255}\b/ },
  { kind: "npm token", keywords: ["npm_"], expression: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { kind: "PyPI token", keywords: ["pypi-"], expression: /\bpypi-[\w-]{60,255}/ },
  { kind: "Docker token", keywords: ["dckr_pat_"], expression: /\bdckr_pat_[\w-]{20,64}/ },
  { kind: "Vault token", keywords: ["hvs."], expression: /\bhvs\.[\w-]{24,255}/ },
  { kind: "SendGrid key", keywords: ["SG."], expression: /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/ },
  { kind: "Azure storage key", keywords: ["AccountKey="], expression: /AccountKey=[A-Za-z0-9+/]{60,128}={0,2}/ },
  {
    kind: "JSON web token",
    keywords: ["eyJ"],
    expression: /\beyJ(?:(?!-eyJ)[\w-]){10,1024}\.eyJ[\w-]{10,2048}\.[\w-]{10,1024}/,
  },
];

/** `scheme://user:password@host`: the password is captured. */
export const urlCredential = /:\/\/[^\s:@/"']{1,64}:([^\s:@/"']{3,128})@/g;
