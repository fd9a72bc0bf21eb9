import { describe, expect, it } from "vitest";
import { openProgress, readingText } from "./progress.ts";
import { testWorld } from "./testing/test-world.ts";

const sizeText = (bytes: number): string => `${bytes} B`;

describe("the progress line", () => {
  it("appears after 300 ms, at most every 100 ms, in one line, and goes away", () => {
    const { world, told, advance } = testWorld({}, true);
    const progress = openProgress(world, true);
    progress.show("too early");
    advance(299);
    progress.show("still too early");
    advance(1);
    progress.show("first");
    advance(99);
    progress.show("too soon");
    advance(1);
    progress.show("x".repeat(200));
    progress[Symbol.dispose]();
    expect(told.stderr).toBe(`\rfirst\u001b[K\r${"x".repeat(59)}\u001b[K\r\u001b[K`);
    expect(told.stdout).toBe("");
  });

  it.each([
    ["not wanted", testWorld({}, true), false],
    ["no terminal", testWorld({}, false), true],
    ["a dumb terminal", testWorld({ TERM: "dumb" }, true), true],
  ])("shows nothing: %s", (_, { world, told, advance }, wanted) => {
    const progress = openProgress(world, wanted);
    advance(5_000);
    progress.show("anything");
    progress[Symbol.dispose]();
    expect(told.stderr).toBe("");
  });

  it("leaves nothing behind when it never appeared", () => {
    const { world, told } = testWorld({}, true);
    openProgress(world, true)[Symbol.dispose]();
    expect(told.stderr).toBe("");
  });

  it.each([
    [{ layersDone: 3, layersTotal: 12, bytes: 100, bytesTotal: 400 }, 2, "3 of 12 layers, 100 B of 400 B, 50 B/s"],
    [{ layersDone: 0, layersTotal: null, bytes: 7, bytesTotal: null }, 0, "7 B"],
    [{ layersDone: 1, layersTotal: 1, bytes: 9, bytesTotal: 5 }, 0.1, "1 of 1 layers, 9 B"],
  ])("says layers, bytes and rate: %j", (progress, seconds, text) => {
    expect(readingText(progress, seconds, sizeText)).toBe(text);
  });
});
