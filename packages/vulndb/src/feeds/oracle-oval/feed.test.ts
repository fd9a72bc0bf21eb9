import { goldenFeed } from "../../testing/golden-feed.ts";
import { oracleOval } from "./feed.ts";

goldenFeed(oracleOval, import.meta.dirname);
