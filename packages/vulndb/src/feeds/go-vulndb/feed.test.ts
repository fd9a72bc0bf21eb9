import { goldenFeed } from "../../testing/golden-feed.ts";
import { goVulndb } from "./feed.ts";

goldenFeed(goVulndb, import.meta.dirname);
