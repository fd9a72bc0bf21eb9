import { goldenFeed } from "../../testing/golden-feed.ts";
import { amazonAlas } from "./feed.ts";

goldenFeed(amazonAlas, import.meta.dirname);
