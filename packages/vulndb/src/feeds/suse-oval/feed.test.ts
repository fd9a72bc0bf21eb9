import { goldenFeed } from "../../testing/golden-feed.ts";
import { suseOval } from "./feed.ts";

goldenFeed(suseOval, import.meta.dirname);
