/// <reference lib="deno.worker" />
/** A worker that claims a workspace and dies of an error of its own once it is granted. @module */

self.onmessage = ({ data: { type, request } }) => {
  if (type === "start") {
    self.postMessage({ type: "claim", source: request.value, workspace: `scrubber-${request.value}` });
  }
  if (type === "go") throw new Error("planted@example.com");
};
