import { goldenFeed } from "../../testing/golden-feed.ts";
import { fedoraUpdates } from "./feed.ts";

goldenFeed(fedoraUpdates, import.meta.dirname);
