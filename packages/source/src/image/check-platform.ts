import { sourceError } from "../errors.ts";
import type { PlatformWish } from "./choose-manifest.ts";
import { fitOf, formatPlatform, type Platform } from "./platform.ts";

/** A place that gives one image whatever is asked for: told when the user asked for another platform. Throws PLATFORM_NOT_FOUND. */
export function checkPlatform(offered: Platform, wish: PlatformWish, name: string): void {
  if (!wish.isExplicit || fitOf(wish.platform, offered) > 0) return;
  const fields = { name, platform: formatPlatform(wish.platform), offered: formatPlatform(offered) };
  throw sourceError("PLATFORM_NOT_FOUND", { fields });
}
