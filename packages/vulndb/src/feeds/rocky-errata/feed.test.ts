import { goldenFeed } from "../../testing/golden-feed.ts";
import { rockyErrata } from "./feed.ts";

goldenFeed(rockyErrata, import.meta.dirname);
