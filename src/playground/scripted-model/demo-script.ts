import { type Kit, kitFor, type TestMode, writtenFile } from "./demo-kit.ts";
import { demoPlan } from "./demo-plan.ts";
import { design, review, securityReview } from "./demo-results.ts";
import {
  type Action,
  bash,
  glob,
  grep,
  read,
  role,
  type Script,
  type Step,
  say,
  script,
  submit,
  together,
  write,
} from "./script.ts";

/** What a person writes on the sample's issue for this script to work on. */
export const DEMO_TASK = "Implement POST /api/assets with validation, storage and tests";

export interface DemoVariant {
  /** The handler stores duplicates, and the developer never finds out why the tests fail. */
  readonly broken?: boolean;
  /** The sample it works on: `sample` is Node, `sample-go` is Go. */
  readonly language?: "node" | "go";
}

/** The whole demo: every role's work on the sample service, all of it real edits and real test runs. */
export function demoScript(variant: DemoVariant = {}): Script {
  const kit = kitFor(variant.language ?? "node");
  const broken = variant.broken ?? false;
  return script(
    role("backend-orchestrator", planning(kit)),
    role("backend-lead", designing(kit), { mode: "architecture" }),
    role("backend-developer", broken ? fixing(kit) : lost, { task: /^fix-/ }),
    role("backend-developer", developing(kit, broken)),
    role("backend-tester", testing(kit, "unit"), { mode: "unit" }),
    role("backend-tester", testing(kit, "integration"), { mode: "integration" }),
    role("backend-tester", testing(kit, "acceptance"), { mode: "acceptance" }),
    role("backend-lead", reviewing(kit), { mode: "review" }),
    role("backend-security-reviewer", securing(kit)),
  );
}

function planning(kit: Kit): readonly Step[] {
  return [
    say("I look at what is there before I plan.\n", glob("**/*"), read("README.md")),
    look(kit),
    say("One endpoint, four concerns: a full plan.\n", submit(demoPlan(kit))),
  ];
}

function designing(kit: Kit): readonly Step[] {
  return [
    say("I read the places that the decision touches.\n", look(kit)),
    say("How do the tests reach the service?\n", read(kit.testHelper), grep("store")),
    submit(design(kit)),
  ];
}

function developing(kit: Kit, broken: boolean): readonly Step[] {
  const { files } = kit;
  const handlers = writtenFile(kit, broken ? kit.brokenHandlers : files.handlers);
  return [
    say(
      "First the code I change, and whether its tests are green now.\n",
      look(kit),
      bash(kit.test),
    ),
    say("A test that fails for the right reason.\n", put(kit, files.basicTest)),
    bash(kit.testOne(files.basicTest)),
    say("Validation is pure, so it comes first.\n", put(kit, files.validation)),
    together(put(kit, files.store), put(kit, files.http)),
    write(files.handlers, handlers),
    together(...kit.wiring),
    say("Now the build and everything there is to run.\n", bash(`${kit.build} && ${kit.test}`)),
    bash("git status --short"),
    submit({
      status: "complete",
      summary:
        "POST /api/assets stores a valid asset in normal form and answers it with id and time. Whatever is not valid is refused with all its problems, and bodies are limited to 16 KiB.",
      files_modified: [...Object.values(files), "README.md"],
      notes: ["The service chooses id and createdAt; a client that sends them is told so."],
    }),
  ];
}

/** The developer of the broken variant looks in the wrong place, so the suite stays red. */
function fixing(kit: Kit): readonly Step[] {
  const { store } = kit.files;
  return [
    say("Which tests fail?\n", bash(kit.test)),
    say("The store looks right to me; I only leave a note there.\n", read(store)),
    ({ task }) => bash(`printf '\\n// ${task}: looked here for the failing tests.\\n' >> ${store}`),
    bash(kit.build),
    submit({
      status: "needs_review",
      summary:
        "The store was looked at again and annotated; the cause of the failures was not found.",
      files_modified: [store],
      notes: ["The tests about duplicates still fail."],
    }),
  ];
}

/** Without the variant's bug there is nothing to fix, so whatever was found is for a person. */
const lost: readonly Step[] = [
  submit({
    status: "blocked",
    summary: "The script of this demo has no fix for what was found.",
    blocked: {
      reason: "other",
      issue:
        "the model of this demo is a script for its one task and cannot work on anything else; a real model can",
      attempted: ["nothing"],
      recommend: "user",
    },
    files_modified: [],
  }),
];

function testing(kit: Kit, mode: TestMode): readonly Step[] {
  const { file } = kit.tests[mode];
  return [
    say("I read what I am to test, and the helpers there are.\n", look(kit)),
    together(read(kit.files.validation), read(kit.testHelper)),
    say(`The ${mode} tests.\n`, put(kit, file)),
    bash(kit.testOne(file)),
    bash("git status --short"),
    say("Once more, together with everything else.\n", bash(kit.test)),
    ({ results }) => handIn(kit, mode, kit.red.test(results.join("\n"))),
  ];
}

/** The tests count as good even when they show a fault: then the result says so. */
function handIn(kit: Kit, mode: TestMode, red: boolean): Action {
  const { guarded, covers } = TESTED[mode];
  return submit({
    status: red ? "needs_review" : "complete",
    summary: red
      ? `${guarded} Some tests fail: an asset that exists is not refused by the endpoint.`
      : guarded,
    test_mode: mode,
    test_files: [kit.tests[mode].file],
    test_count: kit.tests[mode].cases,
    covers,
  });
}

const TESTED = {
  unit: {
    guarded:
      "Every rule of the validation is guarded: normal forms, each border and the value beyond it, and that all problems are reported at once.",
    covers: ["R2"],
  },
  integration: {
    guarded:
      "Handler and store are guarded over HTTP: duplicates in any spelling and at the same moment, every error with its code, and that refused assets leave nothing behind.",
    covers: ["R1", "R2", "R3", "R4"],
  },
  acceptance: {
    guarded:
      "The started service is guarded: building up an inventory, mistakes that are explained and cost nothing, and a clean stop.",
    covers: ["R1", "R3", "R4", "R5"],
  },
} as const;

function reviewing(kit: Kit): readonly Step[] {
  const { routes, handlers, store, validation, http } = kit.files;
  return [
    say(
      "What changed, and then the code itself.\n",
      bash("git log --oneline -5; git status --short"),
    ),
    together(...[routes, handlers, store, validation, http].map(read)),
    bash(`${kit.build} && ${kit.test}`),
    submit(review(kit)),
  ];
}

function securing(kit: Kit): readonly Step[] {
  const { handlers, store, validation, http } = kit.files;
  return [
    say("From the door to the store.\n", ...[http, validation, handlers, store].map(read)),
    grep(kit.suspicious),
    submit(securityReview(kit)),
  ];
}

function look(kit: Kit): Action {
  return together(...kit.existing.map(read));
}

/** Writes the prepared file of that path. */
function put(kit: Kit, path: string): Action {
  return write(path, writtenFile(kit, path));
}
