import { goldenFeed } from "../../records/golden-feed.ts";
import { ubuntuOval } from "./feed.ts";

goldenFeed(ubuntuOval, import.meta.dirname);
