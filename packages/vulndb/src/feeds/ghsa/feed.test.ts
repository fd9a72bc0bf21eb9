import { goldenFeed } from "../../records/golden-feed.ts";
import { ghsa } from "./feed.ts";

goldenFeed(ghsa, import.meta.dirname);
