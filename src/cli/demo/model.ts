import { UserError } from "../../domain/failure.ts";
import { DEMO_TASK, demoScript } from "../../playground/scripted-model/demo-script.ts";
import { startScriptedModel } from "../../playground/scripted-model/server.ts";

/** The model of the demo: ours, which follows a script, or the operator's. */
export interface DemoModel {
  readonly scripted: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly task: string;
  close(): Promise<void>;
}

const MODEL_VARIABLES =
  /^(MODEL_|ANTHROPIC_API_KEY|OPENAI_API_KEY|GOOGLE_API_KEY|GEMINI_API_KEY|GOOGLE_GENERATIVE_AI_API_KEY)/;

/** Takes the operator's model when the environment names one, else starts the scripted one. */
export async function demoModel(options: {
  env: NodeJS.ProcessEnv;
  repo: string | undefined;
  task: string | undefined;
  broken: boolean;
  sample: "node" | "go";
}): Promise<DemoModel> {
  const given = Object.entries(options.env).filter(
    (entry): entry is [string, string] =>
      MODEL_VARIABLES.test(entry[0]) && entry[1] !== undefined && entry[1] !== "",
  );
  if (given.length > 0) {
    const env = Object.fromEntries(given);
    return {
      scripted: false,
      env,
      task: options.task ?? DEMO_TASK,
      close: () => Promise.resolve(),
    };
  }
  if (options.repo !== undefined || options.task !== undefined)
    throw new UserError(
      "The scripted model knows only the sample and its task: for --repo and --task set a model, for example ANTHROPIC_API_KEY, or MODEL_PROVIDER=openai-compatible with MODEL_BASE_URL and MODEL_MEDIUM (see .env.example).",
    );
  const model = await startScriptedModel({
    script: demoScript({ broken: options.broken, language: options.sample }),
  });
  return {
    scripted: true,
    task: DEMO_TASK,
    env: {
      MODEL_PROVIDER: "anthropic",
      MODEL_BASE_URL: `${model.url}/v1`,
      MODEL_API_KEY: "scripted-model-needs-no-key",
      // A name no price table knows: the script costs nothing, and nothing is made up.
      MODEL_LARGE: "scripted",
      MODEL_MEDIUM: "scripted",
      MODEL_SMALL: "scripted",
      DEMO_MODEL: "scripted",
    },
    close: () => model.close(),
  };
}
