/** Boots systemd in a folder with a Debian, in namespaces of its own but for the network. @module */

import { run } from "../../scripts/compile/run.ts";

/** A running one. */
export interface Booted extends AsyncDisposable {
  /** Runs a program inside; rejects if it fails. */
  run(...words: readonly string[]): Promise<string>;
}

/** What systemd finds around it in a container; the kernel's own settings are read-only. */
const script = `
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
cd "$0"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p old
pivot_root . old
exec chroot . sh -c 'umount -l /old && mount --make-rshared / && exec env -i container=other /lib/systemd/systemd'
`;

/** Whether there is what it needs: the kernel's second kind of control groups. */
export async function canBoot(): Promise<boolean> {
  return await controlGroup() !== undefined;
}

/** Boots, and waits until everything has started. */
export async function boot(root: string): Promise<Booted> {
  await Deno.writeTextFile(`${root}/etc/hosts`, "127.0.0.1 localhost\n");
  await Deno.writeTextFile(`${root}/etc/machine-id`, `${crypto.randomUUID().replaceAll("-", "")}\n`);
  const group = `${await controlGroup()}/datascrubber-${crypto.randomUUID()}`;
  await Deno.mkdir(group);
  const apart = ["--pid", "--fork", "--kill-child", "--mount", "--uts", "--ipc", "--cgroup"];
  const child = new Deno.Command("sh", {
    args: ["-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', group, "unshare", ...apart, "sh", "-c", script, root],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const inside = async (...words: readonly string[]) => {
    const [init = ""] = (await Deno.readTextFile(`/proc/${child.pid}/task/${child.pid}/children`)).split(" ");
    const all = ["--mount", "--pid", "--uts", "--ipc", "--cgroup"];
    return await run("nsenter", ["--target", init, ...all, ...words], {
      clearEnv: true,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    });
  };
  const booted: Booted = {
    run: inside,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL"); // and with it goes the first process inside, and with that all of them
      await child.status;
      await until(() => run("find", [group, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+"]));
    },
  };
  try {
    await until(() => inside("systemctl", "is-system-running", "--wait"));
    return booted;
  } catch (error) {
    await booted[Symbol.asyncDispose]();
    throw error;
  }
}

/** Tries until it works, for two minutes. */
async function until(work: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + 120_000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** This process's own control group, as a folder. */
async function controlGroup(): Promise<string | undefined> {
  const mounts = await Deno.readTextFile("/proc/self/mountinfo");
  const own = await Deno.readTextFile("/proc/self/cgroup");
  const mount = /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(mounts)?.[1];
  const path = /^0::(.*)$/m.exec(own)?.[1];
  return mount === undefined || path === undefined ? undefined : `${mount}${path}`.replace(/\/$/, "");
}
