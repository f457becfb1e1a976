/** What an executable was built for, from its ELF header. @module */

/** `e_machine` of the processors that are released for, by the name in front of a target. */
const machines: Readonly<Record<number, string>> = { 0x3e: "x86_64", 0xb7: "aarch64" };

/** The processor, as targets spell it, such as `aarch64`. Throws for what is no 64-bit ELF file, or of another processor. */
export async function processorOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const head = new Uint8Array(64);
  await file.read(head);
  const [magic, bits] = [String.fromCharCode(...head.subarray(0, 4)), head[4]];
  if (magic !== "\x7fELF" || bits !== 2) throw new Error(`Cannot tell the processor of ${path}: no 64-bit ELF file`);
  const machine = new DataView(head.buffer).getUint16(0x12, true);
  return machines[machine] ?? unknown(path, machine);
}

function unknown(path: string, machine: number): never {
  throw new Error(`Cannot tell the processor of ${path}: it is none that is released for (${machine})`);
}
