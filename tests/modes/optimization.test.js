import { modes } from "./groups/optimization.js";
import { testModes } from "./modes.js";

testModes("optimization", modes);
