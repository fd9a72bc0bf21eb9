import { goldenFeed } from "../../records/golden-feed.ts";
import { debianOval } from "./feed.ts";

goldenFeed(debianOval, import.meta.dirname);
