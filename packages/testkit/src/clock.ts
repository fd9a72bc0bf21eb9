/** A clock that stands still until it is moved; `clock()` gives milliseconds since the epoch. */
export type TestClock = (() => number) & { readonly advance: (ms: number) => void };

/** A clock that starts at an RFC 3339 moment. */
export function testClock(start = "2026-01-02T03:04:05Z"): TestClock {
  let now = Date.parse(start);
  const advance = (ms: number): void => {
    now += ms;
  };
  return Object.assign(() => now, { advance });
}
