import { goldenFeed } from "../../testing/golden-feed.ts";
import { almalinuxOsv } from "./feed.ts";

goldenFeed(almalinuxOsv, import.meta.dirname);
