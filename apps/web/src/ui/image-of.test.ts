import { describe, expect, it } from "vitest";
import { imageOf, placeOf } from "./image-of.ts";

describe("the image of a scan", () => {
  it("is in what the job is kept by, until its summary names it", () => {
    const key = 'docker.io/library/alpine:3.20 linux/amd64 registry docker.io/library/alpine:3.20 {"a":"b c"}';
    expect(imageOf({ key, summary: null })).toBe("docker.io/library/alpine:3.20");
    expect(imageOf({ key, summary: { image: "x/y:1" } })).toBe("x/y:1");
  });

  it.each([
    ["docker.io/library/alpine:3.20", "docker.io/library/alpine"],
    ["127.0.0.1:5000/team/app:1", "127.0.0.1:5000/team/app"],
    ["127.0.0.1:5000/team/app", "127.0.0.1:5000/team/app"],
    [`[::1]:5000/app@sha256:${"0".repeat(64)}`, "[::1]:5000/app"],
    [`host/app:1@sha256:${"0".repeat(64)}`, "host/app"],
  ])("%s lies at %s", (image, place) => {
    expect(placeOf(image)).toBe(place);
  });
});
