/** A worker that can't even start. @module */

throw new Error("planted@example.com");
