import { goldenFeed } from "../../records/golden-feed.ts";
import { debianTracker } from "./feed.ts";

goldenFeed(debianTracker, import.meta.dirname);
