import { goldenFeed } from "../../testing/golden-feed.ts";
import { alpineSecdb } from "./feed.ts";

goldenFeed(alpineSecdb, import.meta.dirname);
