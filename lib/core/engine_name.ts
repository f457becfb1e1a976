/** The two kinds of database servers. @module */

/** The two engines, as the command line spells them. */
export type EngineName = "mysql" | "postgresql";
