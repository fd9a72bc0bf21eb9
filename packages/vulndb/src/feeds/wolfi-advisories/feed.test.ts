import { goldenFeed } from "../../testing/golden-feed.ts";
import { wolfiAdvisories } from "./feed.ts";

goldenFeed(wolfiAdvisories, import.meta.dirname);
