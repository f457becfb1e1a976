/** Why a login failed, in the words that both engines and the wait for a new master password share. @module */

/**
 * `refused`: the password is wrong, or not in force yet; `unreachable`: no answer at the address; `unknown name`: DNS has no address;
 * `starting`: the server takes no connections now; `iam`: the user logs in by IAM only, never by password.
 */
export type LoginObstacle = "refused" | "unreachable" | "unknown name" | "starting" | "iam";
