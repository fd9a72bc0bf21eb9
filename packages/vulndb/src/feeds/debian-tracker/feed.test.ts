import { goldenFeed } from "../../testing/golden-feed.ts";
import { debianTracker } from "./feed.ts";

goldenFeed(debianTracker, import.meta.dirname);
