/** The two kinds of database servers. @module */

import { type Data, word } from "./schema.ts";

/** The two engines, as the command line spells them. */
export const engineName = word("kind of server", ["mysql", "postgresql"]);

/** The two engines, as the command line spells them. */
export type EngineName = Data<typeof engineName>;
