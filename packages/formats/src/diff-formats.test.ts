import { expectCompleteRegistry } from "@plimsoll/testkit";
import { diffFormats } from "./diff-formats.ts";

expectCompleteRegistry(diffFormats, { folder: import.meta.dirname, file: "diff-format.ts" });
