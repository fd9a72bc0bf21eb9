import { goldenFeed } from "../../records/golden-feed.ts";
import { almalinuxOsv } from "./feed.ts";

goldenFeed(almalinuxOsv, import.meta.dirname);
