import { describe, expect, it } from "vitest";
import { draftOf, loginOf, loginTypes, toKeep } from "./model.ts";

const kept = {
  ...{ id: 1, name: "ci", registry: "r.example", path: "team", type: "docker", username: "robot" },
  ...{ skipTlsVerify: false, caCertificate: null, teamId: 1 },
  ...{ createdBy: "person:1", createdAt: "", updatedBy: "person:1", updatedAt: "" },
};

describe("a credential that is typed", () => {
  it("keeps its login unless another is entered", () => {
    const draft = draftOf(kept, "");
    expect(draft).toMatchObject({ registry: "r.example/team", isNewLogin: false, user: "", secret: "" });
    expect(toKeep(draft)).toEqual({
      name: "ci",
      registry: "r.example/team",
      skipTlsVerify: false,
      caCertificate: null,
    });
    expect(toKeep({ ...draft, isNewLogin: true, user: "u", secret: " p " })).toMatchObject({
      login: { type: "docker", username: "u", password: " p " },
    });
  });

  it("begins with the place that a scan missed a login for", () => {
    expect(draftOf(null, "127.0.0.1:5000/team/app")).toMatchObject({
      registry: "127.0.0.1:5000/team/app",
      isNewLogin: true,
    });
  });

  it.each(loginTypes)("sends $label with all the API wants", ({ value }) => {
    const login = loginOf({ ...draftOf(null, "r"), type: value, user: "u", secret: "s" });
    expect(login.type).toBe(value);
    expect(Object.values(login)).toContain("s");
  });
});
