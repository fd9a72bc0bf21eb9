import { plainText } from "@plimsoll/kit";
import { writtenCommand } from "@plimsoll/model";

/** A history command as a person would write it, harmless to show; a word in its place when nothing was recorded. */
export function layerCommand(command: string): string {
  const line = writtenCommand(plainText(command, 2000));
  return line === "" ? "(no command recorded)" : line;
}
