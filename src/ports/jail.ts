/** What a jailed process may see and do. Nothing that is not named here exists inside. */
export interface JailSpec {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  /** Unix socket of the host bound at the same path inside: the only way out. */
  readonly socket?: string;
  /** Milliseconds until everything inside is killed. */
  readonly wallMs: number;
}

/** What a jail used up of what it may use. */
export type JailLimit = "memory" | "processes" | "disk";

export interface JailExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Limits that were reached on the way; absent when none was, or none is set on this machine. */
  readonly reached?: readonly JailLimit[];
}

export interface JailedProcess {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  readonly exited: Promise<JailExit>;
  /** Kills every process inside; resolves when they are gone. */
  kill(): Promise<void>;
}

export interface Jail {
  /**
   * Whom jailed processes are on the host. What they shall write must belong to them; absent: they are ourselves.
   * `spawn` gives them the named writable directories (not what is in them) and the socket.
   */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** True when each jail has a `/tmp` of its own, which is empty at its start. */
  readonly ownTemporary?: boolean;
  /** Proves that the jail holds (no network, no host files, own PIDs); the reason when it does not. */
  selfTest(): Promise<{ ok: true } | { ok: false; reason: string }>;
  spawn(spec: JailSpec): Promise<JailedProcess>;
}
