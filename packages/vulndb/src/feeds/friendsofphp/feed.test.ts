import { goldenFeed } from "../../testing/golden-feed.ts";
import { friendsofphp } from "./feed.ts";

goldenFeed(friendsofphp, import.meta.dirname);
