import { goldenFeed } from "../../records/golden-feed.ts";
import { rubysec } from "./feed.ts";

goldenFeed(rubysec, import.meta.dirname);
