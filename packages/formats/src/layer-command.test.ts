import { describe, expect, it } from "vitest";
import { layerCommand } from "./layer-command.ts";

describe("layerCommand", () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    [
      "/bin/sh -c #(nop) ADD file:7625ddfd589fb824ee39f1b1eb387b98f3676420ff52f26eb9d975151e889667 in / ",
      "ADD file:7625ddfd589f… in /",
    ],
    ["RUN /bin/sh -c npm ci # buildkit", "RUN npm ci"],
    ["/bin/sh -c pip install flask", "RUN pip install flask"],
    ["RUN |2 UID=1000 GID=1000 /bin/sh -c adduser x # buildkit", "RUN adduser x"],
    ["/bin/bash -o pipefail -c make", "/bin/bash -o pipefail -c make"],
    ["COPY a b # buildkit", "COPY a b"],
    ["", "(no command recorded)"],
    ["RUN a\u001b[2J\n\tb", "RUN a\\u{1b}[2J b"],
  ])("says %j as %j", (command, words) => {
    expect(layerCommand(command)).toBe(words);
  });

  it("takes no time over a hostile command", () => {
    const started = performance.now();
    layerCommand(`RUN |1 ${"=".repeat(100_000)}`);
    layerCommand(`RUN |1 ${"a= ".repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

it.each(["|30 ", "RUN |30 "])("takes no time over arguments full of = behind %j", (start) => {
  const text = `${start}${"a======== ".repeat(30)}x`;
  const before = process.cpuUsage();
  layerCommand(text);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});
