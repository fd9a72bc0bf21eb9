import { goldenFeed } from "../../testing/golden-feed.ts";
import { rubysec } from "./feed.ts";

goldenFeed(rubysec, import.meta.dirname);
