import { modes } from "./groups/checks.js";
import { testModes } from "./modes.js";

testModes("checks", modes);
