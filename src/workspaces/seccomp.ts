/**
 * A system call filter for the jail (classic BPF, as bubblewrap's `--seccomp` takes it). It forbids what rearranges
 * namespaces and mounts, what loads code into the kernel, and sockets of families that no network namespace confines.
 */

const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;

const OFFSET_NUMBER = 0;
const OFFSET_ARCH = 4;
const OFFSET_FIRST_ARGUMENT = 16;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NAMESPACE_FLAGS =
  0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x6000_0000;
/** UNIX, INET, INET6, NETLINK: what the jail's own empty network confines. */
const FAMILIES = [1, 2, 10, 16];

interface Machine {
  readonly audit: number;
  readonly x32From?: number;
  readonly clone: number;
  readonly clone3: number;
  readonly unshare: number;
  readonly socket: number;
  readonly forbidden: readonly number[];
}

/** open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr; io_uring, which filters cannot see into. */
const FORBIDDEN_EVERYWHERE = [428, 429, 430, 431, 432, 433, 442, 425, 426, 427];

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: {
    audit: 0xc000_003e,
    x32From: 0x4000_0000,
    clone: 56,
    clone3: 435,
    unshare: 272,
    socket: 41,
    // mount, umount2, pivot_root, chroot, setns, swapon, swapoff, reboot, modules, kexec, acct, quotactl, syslog,
    // keys, bpf, perf_event_open, userfaultfd, open_by_handle_at
    forbidden: [
      165, 166, 155, 161, 308, 167, 168, 169, 175, 176, 313, 246, 320, 163, 179, 103, 248, 249, 250,
      321, 298, 323, 304,
    ],
  },
  arm64: {
    audit: 0xc000_00b7,
    clone: 220,
    clone3: 435,
    unshare: 97,
    socket: 198,
    forbidden: [
      40, 39, 41, 51, 268, 224, 225, 142, 105, 106, 273, 104, 294, 89, 60, 116, 217, 218, 219, 280,
      241, 282, 265,
    ],
  },
};

type Instruction = readonly [code: number, yes: number, no: number, value: number];

/** The filter for a machine as `process.arch` names it; undefined for one that is not known. */
export function seccompFilter(arch: string): Buffer | undefined {
  const machine = MACHINES[arch];
  if (machine === undefined) return undefined;
  const program: Instruction[] = [
    [LOAD, 0, 0, OFFSET_ARCH],
    [JUMP_EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, ERRNO | ENOSYS],
    [LOAD, 0, 0, OFFSET_NUMBER],
  ];
  if (machine.x32From !== undefined) {
    program.push([JUMP_AT_LEAST, 0, 1, machine.x32From], [RETURN, 0, 0, ERRNO | ENOSYS]);
  }
  for (const number of [...FORBIDDEN_EVERYWHERE, ...machine.forbidden]) {
    program.push([JUMP_EQUAL, 0, 1, number], [RETURN, 0, 0, ERRNO | EPERM]);
  }
  // Its flags are in memory, out of a filter's sight; the C libraries fall back to clone.
  program.push([JUMP_EQUAL, 0, 1, machine.clone3], [RETURN, 0, 0, ERRNO | ENOSYS]);
  for (const number of [machine.clone, machine.unshare]) {
    program.push(
      [JUMP_EQUAL, 0, 4, number],
      [LOAD, 0, 0, OFFSET_FIRST_ARGUMENT],
      [JUMP_ANY_BIT, 0, 1, NAMESPACE_FLAGS],
      [RETURN, 0, 0, ERRNO | EPERM],
      [RETURN, 0, 0, ALLOW],
    );
  }
  program.push([JUMP_EQUAL, 0, FAMILIES.length + 2, machine.socket]);
  program.push([LOAD, 0, 0, OFFSET_FIRST_ARGUMENT]);
  for (const [index, family] of FAMILIES.entries()) {
    program.push([JUMP_EQUAL, FAMILIES.length - index, 0, family]);
  }
  program.push([RETURN, 0, 0, ERRNO | EAFNOSUPPORT], [RETURN, 0, 0, ALLOW]);
  return encode(program);
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, yes, no, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
