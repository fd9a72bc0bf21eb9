import { goldenFeed } from "../../testing/golden-feed.ts";
import { photonCve } from "./feed.ts";

goldenFeed(photonCve, import.meta.dirname);
