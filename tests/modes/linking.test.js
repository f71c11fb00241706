import { modes } from "./groups/linking.js";
import { testModes } from "./modes.js";

testModes("linking", modes);
