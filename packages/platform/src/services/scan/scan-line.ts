import { Line } from "@plimsoll/kit";
import { platformError } from "../../errors.ts";

/** Those who wait for one of a few places. */
export type ScanLine = Pick<Line, "length" | "do">;

/** Seconds after which who was sent away may come again. */
const comeAgainSeconds = 5;

/** A line for `places` at once, with room for `most` in all: beyond that it throws OVERLOADED. Whoever waits holds nothing but its question. */
export function scanLine({ places, most }: { readonly places: number; readonly most: number }): ScanLine {
  const line = new Line(places);
  return {
    get length() {
      return line.length;
    },
    async do(work) {
      if (line.length >= most) throw platformError("OVERLOADED", { fields: { seconds: comeAgainSeconds } });
      return line.do(work);
    },
  };
}
