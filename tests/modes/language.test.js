import { modes } from "./groups/language.js";
import { testModes } from "./modes.js";

testModes("language", modes);
