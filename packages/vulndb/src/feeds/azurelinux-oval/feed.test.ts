import { goldenFeed } from "../../testing/golden-feed.ts";
import { azurelinuxOval } from "./feed.ts";

goldenFeed(azurelinuxOval, import.meta.dirname);
