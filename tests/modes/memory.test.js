import { modes } from "./groups/memory.js";
import { testModes } from "./modes.js";

testModes("memory", modes);
