/** A headless Chromium, spoken to by its DevTools protocol. https://chromedevtools.github.io/devtools-protocol/ */

/** Programs that will do, in the order of preference; `DATASCRUBBER_CHROMIUM` goes first. */
const programs = ["chromium-headless-shell", "chromium", "google-chrome"];

/** The path of a Chromium; undefined where there is none. */
export async function findChromium(): Promise<string | undefined> {
  const own = Deno.env.get("DATASCRUBBER_CHROMIUM");
  if (own) return own;
  for (const program of programs) {
    const { success, stdout } = await new Deno.Command("/bin/sh", { args: ["-c", 'command -v "$0"', program] })
      .output();
    if (success) return new TextDecoder().decode(stdout).trim();
  }
}

type Json = Readonly<Record<string, unknown>>;

/** What the page did that concerns a test. */
export interface PageEvents {
  /** Messages of the console, uncaught errors, and what the browser complains about. */
  readonly complaints: string[];
  /** URLs that were asked for, but the page's own. */
  readonly requests: string[];
}

/** One page. */
export interface Page extends PageEvents {
  /** The value of an expression. */
  evaluate<T>(expression: string): Promise<T>;
  /** Sets the size of the window in CSS pixels. */
  resize(width: number, height: number, scheme?: "light" | "dark"): Promise<void>;
  /** The whole page as PNG. */
  screenshot(): Promise<Uint8Array>;
  /** The page as it is printed. */
  pdf(): Promise<Uint8Array>;
}

/** Opens a file in a browser of its own. Disposing ends the browser. */
export async function openPage(chromium: string, file: string): Promise<Page & AsyncDisposable> {
  await using undo = new AsyncDisposableStack();
  const profile = await Deno.makeTempDir({ prefix: "chromium-" });
  undo.defer(() => Deno.remove(profile, { recursive: true }));
  const browser = new Deno.Command(chromium, {
    args: [
      "--headless",
      "--no-sandbox", // root can't have one
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = browser.stderr.pipeThrough(new TextDecoderStream());
  const listening = Promise.withResolvers<string>();
  const read = (async () => {
    let text = "";
    for await (const piece of lines) {
      text += piece;
      const [, url] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
      if (url) listening.resolve(url);
    }
    listening.reject(new Error(`Chromium ended: ${text}`));
  })();
  undo.defer(async () => {
    try {
      browser.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await browser.status;
    await read;
    listening.promise.catch(() => {});
  });
  const socket = new WebSocket(await listening.promise);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  undo.defer(async () => {
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.send(JSON.stringify({ id: 0, method: "Browser.close" })); // with all its processes
    await closed;
  });

  const calls = new Map<number, PromiseWithResolvers<Json>>();
  const events = new Map<string, (parameters: Json) => void>();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === undefined) return events.get(message.method)?.(message.params);
    const call = calls.get(message.id);
    if (message.error) call?.reject(new Error(message.error.message));
    else call?.resolve(message.result);
  };
  function send(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    const call = Promise.withResolvers<Json>();
    calls.set(++last, call);
    socket.send(JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) }));
    return call.promise;
  }

  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const session = String(sessionId);
  const page: PageEvents = { complaints: [], requests: [] };
  const url = `file://${file}`;
  events.set("Runtime.consoleAPICalled", ({ args }) => page.complaints.push(JSON.stringify(args)));
  events.set("Runtime.exceptionThrown", (details) => page.complaints.push(JSON.stringify(details)));
  events.set("Log.entryAdded", ({ entry }) => page.complaints.push(JSON.stringify(entry)));
  events.set("Network.requestWillBeSent", ({ request }) => {
    const { url: asked } = request as { url: string };
    if (asked !== url) page.requests.push(asked);
  });
  const loaded = Promise.withResolvers<void>();
  events.set("Page.loadEventFired", () => loaded.resolve());
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`, {}, session);
  await send("Page.navigate", { url }, session);
  await loaded.promise;

  const owned = undo.move();
  return {
    ...page,
    async evaluate<T>(expression: string): Promise<T> {
      const parameters = { expression, returnByValue: true, awaitPromise: true };
      const { result, exceptionDetails } = await send("Runtime.evaluate", parameters, session);
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value: T }).value;
    },
    async resize(width, height, scheme = "light") {
      const metrics = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
      await send("Emulation.setDeviceMetricsOverride", metrics, session);
      await send(
        "Emulation.setEmulatedMedia",
        { features: [{ name: "prefers-color-scheme", value: scheme }] },
        session,
      );
    },
    async screenshot() {
      const { data } = await send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true }, session);
      return Uint8Array.fromBase64(String(data));
    },
    async pdf() {
      const { data } = await send("Page.printToPDF", { printBackground: true }, session);
      return Uint8Array.fromBase64(String(data));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
