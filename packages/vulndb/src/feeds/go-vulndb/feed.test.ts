import { goldenFeed } from "../../records/golden-feed.ts";
import { goVulndb } from "./feed.ts";

goldenFeed(goVulndb, import.meta.dirname);
