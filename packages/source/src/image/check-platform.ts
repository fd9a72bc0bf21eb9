import { sourceError } from "../errors.ts";
import type { PlatformWish } from "./choose-manifest.ts";
import type { ConfigDocument } from "./documents.ts";
import { fitOf, formatPlatform } from "./platform.ts";

/** A place that gives one image whatever is asked for: told when the user asked for another platform. Throws PLATFORM_NOT_FOUND. */
export function checkPlatform(config: ConfigDocument, wish: PlatformWish, name: string): void {
  if (!wish.isExplicit || fitOf(wish.platform, config.platform) > 0) return;
  const fields = { name, platform: formatPlatform(wish.platform), offered: formatPlatform(config.platform) };
  throw sourceError("PLATFORM_NOT_FOUND", { fields });
}
