import { goldenFeed } from "../../testing/golden-feed.ts";
import { debianOval } from "./feed.ts";

goldenFeed(debianOval, import.meta.dirname);
