import { goldenFeed } from "../../testing/golden-feed.ts";
import { redhatOval } from "./feed.ts";

goldenFeed(redhatOval, import.meta.dirname);
