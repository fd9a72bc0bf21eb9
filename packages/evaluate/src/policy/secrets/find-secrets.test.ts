import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNamedSecret, findSecrets } from "./find-secrets.ts";

// Put together at run time, so that no scanner takes these samples for real credentials.
const samples: readonly (readonly [string, string])[] = [
  ["AWS access key", ["AKI", "AZ7QK3MPLRVT2WXY5"].join("")],
  ["GitHub token", ["gh", "p_", "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8"].join("")],
  ["GitLab token", ["glp", "at-Ab12Cd34Ef56Gh78Ij90"].join("")],
  ["private key", ["-----BEGIN RSA", " PRIVATE KEY-----"].join("")],
  ["JSON web token", ["ey", "JhbGciOiJIUzI1NiJ9.ey", "JzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"].join("")],
  ["password in a URL", ["https://bob:", "s3cr3tpw@registry.test/x"].join("")],
];

describe("findSecrets", () => {
  it.each(samples)("knows a %s", (kind, text) => {
    expect(findSecrets(`RUN echo ${text} > /x`)).toContain(kind);
    expect(findSecrets(`RUN run --key-${text}`)).toContain(kind);
  });

  it.each([
    "RUN curl --header x --token=a8Zq03kLmPw72TxVbN4c https://x",
    'ENV API_KEY="a8Zq03kLmPw72TxVbN4c"',
    "ARG DB_PASSWORD=hunter22",
  ])("finds the value given to a telling name: %s", (line) => {
    expect(findSecrets(line)).toEqual(["credential"]);
  });

  it.each([
    "ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
    "ENV PYTHON_GET_PIP_SHA256=7cfd4bdc4d475ea971f1c0710a5953bcc704d171f83c797b9529d9974502fcc6",
    "ARG JENKINS_SHA=1163c4554dc93439c5eef02b06a8d74f98ca920bbc012c2b8a089d414cfa8075",
    "ENV POSTGRES_PASSWORD_FILE=/run/secrets/postgres",
    "RUN --mount=type=secret,id=token TOKEN=$(cat /run/secrets/token) make",
    "ENV TOKEN_URL=https://login.example.test/oauth2/token",
    "ENV SECRET_KEY=changeme-changeme-changeme",
    "ENV TOKENIZERS_PARALLELISM=false",
    "RUN git clone https://github.com/a/b@v1.2",
    "ENV API_KEY=",
    "ENV PASSWORD=********",
    "ENV OLDPWD=/home/someone/else",
  ])("does not take for a secret: %s", (line) => {
    expect(findSecrets(line)).toEqual([]);
  });

  it("reads a variable by its name, and never shows its value", () => {
    expect(findNamedSecret("DB_PASSWORD", "two words 1")).toEqual(["credential"]);
    expect(findNamedSecret("AUTH_TOKEN", "short")).toEqual([]);
    expect(findNamedSecret("password_policy", "long-and-strict")).toEqual([]);
  });

  it("stays linear on anything", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => Array.isArray(findSecrets(text))));
    const started = performance.now();
    for (const text of ["password=", "eyJ", "a", "://a:", '="', "token", "-----BEGIN "])
      findSecrets(text.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each(["expir", "tokenizer", "sha1", "path"])("stays linear on a name full of %s", (word) => {
    const start = process.cpuUsage();
    findNamedSecret(`secret${word.repeat(200_000)}!`, "1");
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_000);
  });
});
