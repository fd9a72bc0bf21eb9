import { goldenFeed } from "../../testing/golden-feed.ts";
import { pypa } from "./feed.ts";

goldenFeed(pypa, import.meta.dirname);
