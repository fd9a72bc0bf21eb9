import { statfsSync } from "node:fs";

/** File systems made of what the kernel tells instead of files (linux/magic.h): nothing is installed there, and some of it never ends. */
const kernelTypes: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x1cd1, // devpts
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0xcafe4a11, // bpf
  0x19800202, // mqueue
  0x62656570, // configfs
  0x65735543, // fusectl
  0x6165676c, // pstore
  0x42494e4d, // binfmt_misc
  0xde5e81e4, // efivarfs
  0x6e736673, // nsfs
]);

/** Whether a folder is the root of, or lies in, a file system of the kernel's own; `false` when that cannot be told. */
export function isKernelFileSystem(path: string): boolean {
  try {
    return kernelTypes.has(statfsSync(path).type);
  } catch {
    return false; // Whoever reads the folder next tells what is wrong with it.
  }
}
