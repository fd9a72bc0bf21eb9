import { defineScheme } from "./scheme.ts";
import { readSemver, semverEnd } from "./semver.ts";
import { compareTokens, type Token } from "./tokens.ts";

const toolchain = /^(\d+)\.(\d+)(?:\.(\d+))?(beta|rc)(\d+)$/;

/**
 * Go versions: modules (`v1.2.3`, pseudo-versions, `+incompatible` ignored: golang.org/x/mod/semver) and toolchains
 * (`go1.21.3`, `1.21rc2`) in the form in which Go's vulnerability database writes standard library ranges:
 * `go1.21rc2` is 1.21.0-rc.2, `go1.20` is 1.20.0.
 */
export const go = defineScheme<readonly Token[]>("go", {
  read(text) {
    const plain = text.startsWith("go") ? text.slice(2) : text;
    const match = toolchain.exec(plain);
    if (match === null) return readSemver(plain);
    const [, major = "", minor = "", patch = "0", stage = "", number = ""] = match;
    return readSemver(`${major}.${minor}.${patch}-${stage}.${number}`);
  },
  compare: (a, b) => compareTokens(a, b, semverEnd),
});
