// The plugin list; wiring only.

import { files } from "./files";
import { pictures } from "./pictures";

export default [pictures, files];
