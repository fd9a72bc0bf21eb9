import { goldenFeed } from "../../records/golden-feed.ts";
import { rustsec } from "./feed.ts";

goldenFeed(rustsec, import.meta.dirname);
