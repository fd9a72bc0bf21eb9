import { goldenFeed } from "../../testing/golden-feed.ts";
import { redhatCsaf } from "./feed.ts";

goldenFeed(redhatCsaf, import.meta.dirname);
