import { type ImageAttachments, openSourceAttachments } from "@plimsoll/source";
import type { SourceOptions } from "./options.ts";
import { sourceSettings } from "./source-settings.ts";
import type { Tools } from "./tools.ts";

/** Lists what is attached to an image in a registry. Throws what reading from registries throws. */
export function attachmentsOf(source: string, options: SourceOptions, tools: Tools): Promise<ImageAttachments> {
  tools.progress.show(`Looking for attachments of ${source}`);
  return openSourceAttachments(source, sourceSettings(source, options, tools));
}
