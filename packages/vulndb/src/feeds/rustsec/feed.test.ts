import { goldenFeed } from "../../testing/golden-feed.ts";
import { rustsec } from "./feed.ts";

goldenFeed(rustsec, import.meta.dirname);
