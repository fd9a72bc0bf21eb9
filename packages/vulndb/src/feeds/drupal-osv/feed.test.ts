import { goldenFeed } from "../../testing/golden-feed.ts";
import { drupalOsv } from "./feed.ts";

goldenFeed(drupalOsv, import.meta.dirname);
