import { goldenFeed } from "../../testing/golden-feed.ts";
import { suseCsaf } from "./feed.ts";

goldenFeed(suseCsaf, import.meta.dirname);
