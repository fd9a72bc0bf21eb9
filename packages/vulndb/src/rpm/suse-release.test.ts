import { describe, expect, it } from "vitest";
import { suseEcosystem } from "./suse-release.ts";

describe("SUSE's products", () => {
  it.each([
    ["SUSE Linux Enterprise Server 15 SP5", "sles:15.5"],
    ["SUSE Linux Enterprise Server 15 SP4-LTSS", "sles:15.4"],
    ["SUSE Linux Enterprise Server 15", "sles:15"],
    ["SUSE Linux Enterprise Server 16.0", "sles:16.0"],
    ["SUSE Linux Enterprise Module for Basesystem 15 SP6", "sles:15.6"],
    ["SUSE Linux Enterprise Module for Web and Scripting 12", "sles:12"],
    ["SUSE Linux Enterprise Software Development Kit 12 SP5", "sles:12.5"],
    ["SUSE Linux Enterprise Live Patching 15 SP3", "sles:15.3"],
    ["SUSE Linux Enterprise Micro 5.5", "sle-micro:5.5"],
    ["SUSE Linux Micro 6.0", "sl-micro:6.0"],
    ["openSUSE Leap 15.6", "opensuse-leap:15.6"],
    ["openSUSE Tumbleweed", "opensuse-tumbleweed:rolling"],
    ["SUSE Linux Enterprise Server for SAP Applications 15 SP5", null],
    ["SUSE Linux Enterprise Module for SAP Applications 15 SP5", null],
    ["SUSE Linux Enterprise Desktop 15 SP5", null],
    ["SUSE Linux Enterprise High Performance Computing 15 SP2-LTSS", null],
    ["SUSE Linux Enterprise Server 12 SP5-ESPOS", null],
    ["SUSE Manager Server 4.3", null],
    ["", null],
  ])("%s is %s", (product, expected) => {
    expect(suseEcosystem(product)).toBe(expected);
  });
});
