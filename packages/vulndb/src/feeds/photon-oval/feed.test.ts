import { goldenFeed } from "../../testing/golden-feed.ts";
import { photonOval } from "./feed.ts";

goldenFeed(photonOval, import.meta.dirname);
