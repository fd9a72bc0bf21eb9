import { describe, expect, it } from "vitest";
import { credentialPlace } from "./credential-place.ts";

describe("the place of a credential", () => {
  it.each([
    ["registry.corp", "registry.corp", ""],
    ["Registry.Corp:5000", "registry.corp:5000", ""],
    ["https://registry.corp/", "registry.corp", ""],
    ["https://registry.corp/v2/", "registry.corp", ""],
    ["registry.corp/team", "registry.corp", "team"],
    ["registry.corp/team/*", "registry.corp", "team"],
    ["registry.corp/team/app/", "registry.corp", "team/app"],
    ["localhost:5000/a", "localhost:5000", "a"],
    ["docker.io", "docker.io", ""],
    ["index.docker.io", "docker.io", ""],
    ["https://index.docker.io/v1/", "docker.io", ""],
    ["docker.io/myorg", "docker.io", "myorg"],
    ["[::1]:5000/a", "[::1]:5000", "a"],
  ])("%s", (text, registry, path) => expect(credentialPlace(text)).toEqual({ registry, path }));

  it.each([
    ...[
      "",
      "registry",
      "team/app",
      "registry.corp/Team",
      "registry.corp/team*",
      "registry.corp/a:1",
      "ftp://registry.corp",
    ],
    ...[
      "user:pw@registry.corp",
      "registry.corp//a",
      "registry.corp/../a",
      "registry.corp/a@sha256:0",
      "reg istry.corp",
    ],
    ...["registry.corp:port", "registry.corp/a?b", "registry.corp/a#b", "-registry.corp"],
  ])("%j is none", (text) => {
    expect(() => credentialPlace(text)).toThrow(expect.objectContaining({ code: "CREDENTIAL_INVALID" }));
  });
});
