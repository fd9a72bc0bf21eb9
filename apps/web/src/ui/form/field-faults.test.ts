import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/client.ts";
import { faultsOf } from "./field-faults.ts";

const error = (type: string, ...details: readonly string[]) =>
  new ApiError(400, { type, message: "the request is wrong", details });

describe("faults of a form", () => {
  it.each([
    ["a field's", error("BAD_REQUEST", "/name: too long"), { fields: { name: "too long" }, rest: [] }],
    ["a nested field's", error("BAD_REQUEST", "/login/password: no"), { fields: { "login.password": "no" }, rest: [] }],
    [
      "the first of two about one field",
      error("BAD_REQUEST", "/name: one", "/name: two"),
      { fields: { name: "one" }, rest: [] },
    ],
    [
      "what belongs to no field is kept beside it",
      error("BAD_REQUEST", "/name: one", "/other: two"),
      { fields: { name: "one" }, rest: ["the request is wrong", "/other: two"] },
    ],
    [
      "an error whose type speaks of a field",
      error("NAME_TAKEN", "choose another"),
      { fields: { name: "the request is wrong: choose another" }, rest: [] },
    ],
    ["any other", error("BUSY", "try again"), { fields: {}, rest: ["the request is wrong", "try again"] }],
    ["no answer at all", new TypeError("no network"), { fields: {}, rest: ["no network"] }],
  ])("tells %s", (_, thrown, expected) => {
    expect(faultsOf(thrown, ["name", "login.password"], { NAME_TAKEN: "name" })).toEqual(expected);
  });
});
