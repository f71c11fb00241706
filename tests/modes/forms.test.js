import { modes } from "./groups/forms.js";
import { testModes } from "./modes.js";

testModes("forms", modes);
