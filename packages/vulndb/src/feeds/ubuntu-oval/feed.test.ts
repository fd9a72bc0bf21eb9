import { goldenFeed } from "../../testing/golden-feed.ts";
import { ubuntuOval } from "./feed.ts";

goldenFeed(ubuntuOval, import.meta.dirname);
