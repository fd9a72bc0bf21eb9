import { describe, expect, it } from "vitest";
import { guardedDestinations } from "./destinations.ts";

const kindOf = (address: string, allowed: readonly string[] = []) =>
  guardedDestinations(allowed).refusal({ host: "registry.corp", port: 443, address });

const metadata = "a cloud's metadata service";

describe("addresses that are no public ones are refused", () => {
  it.each([
    ["127.0.0.1", "this machine"],
    ["127.255.0.9", "this machine"],
    ["0.0.0.0", "this machine"],
    ["::1", "this machine"],
    ["::", "this machine"],
    ["::ffff:127.0.0.1", "this machine"],
    ["::ffff:7f00:1", "this machine"],
    ["64:ff9b::7f00:1", "this machine"],
    ["64:ff9b::10.0.0.1", "an address of a private network"],
    ["169.254.169.254", metadata],
    ["::ffff:169.254.169.254", metadata],
    ["::ffff:a9fe:a9fe", metadata],
    ["fd00:ec2::254", metadata],
    ["FD00:0EC2:0:0:0:0:0:0254", metadata],
    ["100.100.100.200", metadata],
    ["168.63.129.16", metadata],
    ["169.254.1.1", "a link-local address"],
    ["fe80::1%eth0", "a link-local address"],
    ["10.1.2.3", "an address of a private network"],
    ["172.31.255.255", "an address of a private network"],
    ["192.168.0.1", "an address of a private network"],
    ["100.64.0.1", "an address of a private network"],
    ["fd12:3456::1", "an address of a private network"],
    ["224.0.0.1", "a reserved address"],
    ["255.255.255.255", "a reserved address"],
    ["2002:7f00:1::", "a reserved address"],
    ["2001:0:1::", "a reserved address"],
    ["::127.0.0.1", "a reserved address"],
    ["1::1", "a reserved address"],
  ])("%s is %s", (address, kind) => expect(kindOf(address)).toBe(kind));

  it.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"])(
    "%s is public",
    (address) => expect(kindOf(address)).toBeNull(),
  );
});

describe("what the operator names is allowed", () => {
  it.each([
    ["10.0.0.0/8", "10.1.2.3", true],
    ["10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["10.0.0.0/8", "192.168.0.1", false],
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3:443", "10.1.2.3", true],
    ["10.1.2.3:5000", "10.1.2.3", false],
    ["[fd12::1]:443", "fd12::1", true],
    ["fd12::/16", "fd12::9", true],
    ["registry.corp", "10.9.9.9", true],
    ["REGISTRY.corp:443", "10.9.9.9", true],
    ["registry.corp:80", "10.9.9.9", false],
    ["*.corp", "10.9.9.9", true],
    ["*.registry.corp", "10.9.9.9", false],
    ["corp", "10.9.9.9", false],
    // Neither a wide range nor a name opens what tells a cloud's secrets.
    ["0.0.0.0/0", "169.254.169.254", false],
    ["169.254.0.0/16", "169.254.169.254", false],
    ["registry.corp", "169.254.169.254", false],
    ["fd00::/8", "fd00:ec2::254", false],
    ["169.254.169.254", "169.254.169.254", true],
  ])("%s: %s → %s", (rule, address, isAllowed) => expect(kindOf(address, [rule]) === null).toBe(isAllowed));

  it.each(["", "10.0.0.0/33", "10.0.0.0/8/8", "a b", "http://x", "*", "x:y"])("%j is no rule", (rule) => {
    expect(() => guardedDestinations([rule])).toThrow(expect.objectContaining({ code: "BAD_DESTINATION_RULE" }));
  });
});
