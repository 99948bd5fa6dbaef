/** One tool call in the words of the native agent's tools and of the orchestrator's. */
export interface ToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the scripted model answers to one request. */
export interface Action {
  readonly text?: string;
  readonly calls?: readonly ToolUse[];
  /** Milliseconds to wait before the answer. */
  readonly delayMs?: number;
  /** Answer only once this has settled: a test holds a conversation at an exact place. */
  readonly hold?: Promise<unknown>;
  /** Answer with this HTTP error instead. */
  readonly error?: { readonly status: number; readonly message: string };
}

/** What a script may look at: everything is read from the conversation itself, so a restart changes nothing. */
export interface Turn {
  /** The lines `Role:`, `Mode:`, `Task:`, `Phase:` and `Attempt:` of the first prompt. */
  readonly role: string | undefined;
  readonly mode: string | undefined;
  readonly task: string | undefined;
  readonly phase: string | undefined;
  readonly attempt: number;
  /** How many answers this conversation has had, those cut off by a crash not counted. */
  readonly index: number;
  readonly tools: readonly string[];
  readonly system: string;
  readonly prompt: string;
  /** The latest message of the user, for example a reminder. */
  readonly lastUserText: string;
  /** Results of the tool calls made in the last answer. */
  readonly results: readonly string[];
}

/** Decides the next answer; undefined when it is for somebody else. */
export type Script = (turn: Turn) => Action | undefined;

/** A step of a role: an answer, or a function that looks at the turn first. */
export type Step = Action | ((turn: Turn) => Action);

/** Narrows which conversations steps are for. */
export interface Only {
  readonly mode?: string;
  readonly task?: string | RegExp;
  readonly attempt?: number;
}

/** The steps that a role takes, one for each turn; when they are used up it says that it is done. */
export function role(name: string, steps: readonly Step[], only: Only = {}): Script {
  return (turn) => {
    if (turn.role !== name || !isFor(turn, only)) return undefined;
    const step = steps[turn.index] ?? say("I am done.");
    return typeof step === "function" ? step(turn) : step;
  };
}

/** The first script that has an answer. */
export function script(...scripts: readonly Script[]): Script {
  return (turn) => {
    for (const one of scripts) {
      const action = one(turn);
      if (action) return action;
    }
    return undefined;
  };
}

/** Text, alone or before tool calls. */
export function say(text: string, ...actions: readonly Action[]): Action {
  return { ...together(...actions), text };
}

/** Several tool calls in one answer. */
export function together(...actions: readonly Action[]): Action {
  const calls = actions.flatMap((action) => action.calls ?? []);
  return calls.length > 0 ? { calls } : {};
}

/** The same answer, later. */
export function after(delayMs: number, action: Action): Action {
  return { ...action, delayMs };
}

/** An answer that is an HTTP error of the provider. */
export function fail(status: number, message: string): Action {
  return { error: { status, message } };
}

/** A call of any tool. */
export function call(name: string, input: Readonly<Record<string, unknown>>): Action {
  return { calls: [{ name, input }] };
}

export function read(path: string): Action {
  return call("read", { path });
}

export function glob(pattern: string): Action {
  return call("glob", { pattern });
}

export function grep(pattern: string, path = "."): Action {
  return call("grep", { pattern, path });
}

export function write(path: string, content: string): Action {
  return call("write", { path, content });
}

export function edit(path: string, oldText: string, newText: string): Action {
  return call("edit", { path, old_text: oldText, new_text: newText });
}

export function bash(command: string, timeoutMs = 120_000): Action {
  return call("bash", { command, timeout_ms: timeoutMs });
}

/** Hands in the result. */
export function submit(result: Readonly<Record<string, unknown>>): Action {
  return call("submit_result", result);
}

/** Asks a person; the options are `[key, label, consequence]`, the first is recommended unless said otherwise. */
export function ask(
  text: string,
  options: readonly (readonly [key: string, label: string, consequence: string])[],
  recommended = options[0]?.[0] ?? "a",
): Action {
  const drafts = options.map(([key, label, consequence]) => ({ key, label, consequence }));
  return call("ask_human", { text, options: drafts, recommended });
}

function isFor(turn: Turn, only: Only): boolean {
  if (only.mode !== undefined && turn.mode !== only.mode) return false;
  if (only.attempt !== undefined && turn.attempt !== only.attempt) return false;
  if (only.task instanceof RegExp) return only.task.test(turn.task ?? "");
  return only.task === undefined || turn.task === only.task;
}
