import { imageOf, indexOf, startTestRegistry } from "@plimsoll/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRefusal, openStage, type Stage, wholeLayers } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe.concurrent("wrong references", () => {
  it.each([
    ["capital letters", "pull://Nginx/WEB", "INVALID_REFERENCE", "lower case"],
    ["nothing behind the prefix", "pull://", "INVALID_REFERENCE", "empty"],
    ["an empty tag", "pull://nginx:", "INVALID_REFERENCE", "tag"],
    ["a digest that is too short", "pull://nginx@sha256:abc", "INVALID_REFERENCE", "64 hex digits"],
    ["dots for a repository", "pull://127.0.0.1:5000/../../etc", "INVALID_REFERENCE", "not well formed"],
    ["a line feed", "pull://nginx\nHost:evil", "INVALID_REFERENCE", "not"],
    ["an address", "https://registry.example.test/nginx", "UNKNOWN_TRANSPORT", "the image's name alone"],
    ["a transport that does not exist", "ftp://nginx", "UNKNOWN_TRANSPORT", "ftp://"],
    ["2000 characters", `pull://${"a".repeat(2000)}`, "INVALID_REFERENCE", "too long"],
    ["an archive that is not there", "./nothing/here.tar", "FILE_NOT_FOUND", "check the path"],
  ])("%s: %s", async (...[, reference, code, words]) => {
    expectRefusal(await stage.scan(reference), { code, exit: 2, says: [words] });
  });

  it("a password in the reference is not shown", async () => {
    const child = await stage.scan("pull://pilot:hunter2@registry.example.test/shop/web:1");
    expectRefusal(child, { code: "INVALID_REFERENCE", exit: 2 });
    expect(child.stderr).not.toContain("hunter2");
  });

  it("a platform that is none, and one that the image does not have", async () => {
    await using registry = await startTestRegistry();
    const image = imageOf(wholeLayers);
    const reference = registry.pushIndex("one/platform", "1", { index: indexOf([image]), images: [image] });
    const wrong = await stage.scan(`pull://${reference}`, ["--platform", "linux/arm64/v8/x"]);
    expectRefusal(wrong, { code: "INVALID_PLATFORM", exit: 2, says: ["linux/arm64"] });
    const missing = await stage.scan(`pull://${reference}`, ["--platform", "linux/s390x"]);
    expectRefusal(missing, { code: "PLATFORM_NOT_FOUND", exit: 2, says: ["linux/amd64", "--platform"] });
  });
});
