import { parseArgs } from "node:util";
import { UserError } from "../../domain/failure.ts";

/** What the demo is asked to show. */
export interface DemoArguments {
  /** Drive one run to its end, then stop. */
  readonly once: boolean;
  /** Print one JSON summary as the last line and nothing else on standard output. */
  readonly json: boolean;
  /** A local repository to put on the stage instead of the sample; never touched itself. */
  readonly repo: string | undefined;
  readonly task: string | undefined;
  /** Port of the local GitHub; 0 takes a free one. */
  readonly port: number;
  /** Folder for everything the demo writes; absent: a fresh temporary one that is removed at the end. */
  readonly data: string | undefined;
  /** Which sample service stands on the stage. */
  readonly sample: "node" | "go";
  /** The scripted developer makes a mistake on purpose. */
  readonly broken: boolean;
}

const USAGE = `npm run demo [-- options]
  --once           drive one run to its end, then stop
  --json           print one JSON summary as the last line
  --repo PATH      put this local git repository on the stage instead of the sample (needs a model, see .env.example)
  --task TEXT      what to ask for
  --port N         port of the local GitHub (default 8787; 0 takes a free one)
  --data DIR       keep everything in DIR instead of a temporary folder
  --sample go      the Go twin of the sample (needs go on the path)
  --broken         let the scripted developer make a mistake, to see a run that does not end complete`;

/** Reads the command line; throws `UserError` with the usage when it cannot be understood. */
export function readArguments(argv: readonly string[]): DemoArguments {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        once: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        repo: { type: "string" },
        task: { type: "string" },
        port: { type: "string", default: "" },
        data: { type: "string" },
        broken: { type: "boolean", default: false },
        sample: { type: "string", default: "node" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) throw new UserError(USAGE);
    const { once, json, broken } = values;
    return {
      once,
      json,
      broken,
      repo: values.repo,
      task: values.task,
      data: values.data,
      sample: sampleOf(values.sample),
      port: portOf(values.port, once),
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${(error as Error).message}\n${USAGE}`);
  }
}

function sampleOf(name: string): "node" | "go" {
  if (name === "node" || name === "go") return name;
  throw new UserError(`--sample expects node or go, not ${JSON.stringify(name)}.`);
}

function portOf(text: string, once: boolean): number {
  if (text === "") return once ? 0 : 8787;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`--port expects a number from 0 to 65535, not ${JSON.stringify(text)}.`);
}
