import { modes } from "./groups/threads.js";
import { testModes } from "./modes.js";

testModes("threads", modes);
