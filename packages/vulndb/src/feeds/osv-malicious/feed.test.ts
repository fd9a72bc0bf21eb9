import { goldenFeed } from "../../testing/golden-feed.ts";
import { osvMalicious } from "./feed.ts";

goldenFeed(osvMalicious, import.meta.dirname);
