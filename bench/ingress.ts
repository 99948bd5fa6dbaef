import type { JournalEntry } from "../src/playground/github/http/journal.ts";
import type { Delivery } from "../src/playground/github/store/records.ts";
import type { Gate } from "../src/playground/github/webhooks/webhooks.ts";
import { type BareApp, startBareApp } from "./bare-process.ts";
import { deliver } from "./deliver.ts";
import { sampleOf } from "./measure.ts";
import { type Effort, type Part, type Section, sampleRow } from "./section.ts";
import { type BenchStage, openStage, ownerOf, type Place, startApp } from "./stage.ts";

export const INGRESS: Part = { name: "ingress", run: measure };

const PLACES = 6;
/** Below the quota of commands that one person has in ten minutes. */
const COMMANDS_EACH = 18;

interface Times {
  readonly answered: number[];
  readonly reacted: number[];
}

interface Measured {
  readonly ours: Times;
  readonly bare: Times;
  readonly floor: number[];
}

/** One comment that both apps are told of. */
interface Round {
  readonly place: Place;
  readonly comment: number;
  readonly bareFirst: boolean;
}

interface Scene {
  readonly stage: BenchStage;
  readonly bare: BareApp;
  readonly gate: Gate;
}

async function measure({ quick, say }: Effort): Promise<Section> {
  const rounds = quick ? 12 : 120;
  const peopleEach = Math.ceil((rounds / PLACES + 1) / COMMANDS_EACH);
  const stage = await openStage({ places: PLACES, peopleEach, files: { "README.md": "service" } });
  try {
    const bare = await startBareApp(stage);
    const app = await startApp(stage, { modelUrl: stage.hub.url });
    try {
      const gate = stage.hub.webhooks.hold((delivery) => delivery.event === "issue_comment");
      const scene: Scene = { stage, bare, gate };
      say("one delivery to each installation to warm up");
      await measureRounds(scene, PLACES);
      say(`${rounds} deliveries to each app, interleaved`);
      return sectionOf(await measureRounds(scene, rounds));
    } finally {
      await app.stop();
      await bare.stop();
    }
  } finally {
    await stage.close();
  }
}

async function measureRounds(scene: Scene, rounds: number): Promise<Measured> {
  const { stage, bare } = scene;
  const measured: Measured = {
    ours: { answered: [], reacted: [] },
    bare: { answered: [], reacted: [] },
    floor: [],
  };
  for (let n = 0; n < rounds; n += 1) {
    const place = stage.places[n % stage.places.length];
    if (!place) throw new Error("The stage has no place.");
    const round: Round = { place, comment: await comment(stage, place, n), bareFirst: n % 2 === 1 };
    const both = [() => toOurs(scene, round, measured), () => toBare(scene, round, measured)];
    for (const send of round.bareFirst ? both.toReversed() : both) await send();
    const asked = { owner: ownerOf(place.repository), repo: "service", comment: round.comment };
    measured.floor.push(await bare.floor(asked));
  }
  return measured;
}

async function comment(stage: BenchStage, place: Place, n: number): Promise<number> {
  const person = stage.hub.as(place.people[Math.floor(n / PLACES) % place.people.length] ?? "");
  const { repository } = place;
  const { number } = await person.openIssue(repository, { title: `Issue for delivery ${n}` });
  const made = await person.comment(repository, number, "/orchestrate status");
  return made.id;
}

/** Ours reacts, then replies and reacts again; the next delivery is sent when all of that is over. */
async function toOurs(scene: Scene, round: Round, { ours }: Measured): Promise<void> {
  const { stage } = scene;
  await send(scene, { appId: stage.app.id, secret: stage.app.webhookSecret, round, times: ours });
  const isReaction = reactionBy(stage.slug, round.comment);
  const what = `the last reaction to ${round.comment}`;
  await stage.requests.nth(2, isReaction, { what });
}

async function toBare(scene: Scene, round: Round, measured: Measured): Promise<void> {
  const { bare } = scene;
  await send(scene, { appId: bare.appId, secret: bare.secret, round, times: measured.bare });
}

async function send(
  { stage, bare, gate }: Scene,
  to: { appId: number; secret: string; round: Round; times: Times },
): Promise<void> {
  const { appId, secret, round, times } = to;
  const delivery = gate.held.find((held) => held.appId === appId && about(held, round.comment));
  if (!delivery) throw new Error(`No delivery about comment ${round.comment} was held.`);
  const slug = appId === bare.appId ? bare.slug : stage.slug;
  const begun = performance.now();
  const answered = deliver(delivery, secret);
  const reaction = stage.requests.first(
    reactionBy(slug, round.comment),
    `${slug} to react to comment ${round.comment}`,
  );
  times.answered.push(await answered);
  times.reacted.push((await reaction).at - begun);
}

function about(delivery: Delivery, comment: number): boolean {
  const payload = JSON.parse(delivery.requestBody) as { comment?: { id?: number } };
  return payload.comment?.id === comment;
}

function reactionBy(slug: string, comment: number): (entry: JournalEntry) => boolean {
  return ({ method, path, actor }) =>
    method === "POST" &&
    actor === `${slug}[bot]` &&
    path.endsWith(`/issues/comments/${comment}/reactions`);
}

function sectionOf({ ours, bare, floor }: Measured): Section {
  const base = { answered: sampleOf(bare.answered), reacted: sampleOf(bare.reacted) };
  const one = sampleOf(floor);
  const reacted = sampleOf(ours.reacted);
  return {
    title: "Ingress",
    about:
      "The same signed `issue_comment` deliveries (`/orchestrate status`, with a reply), one after another, to this app and to a bare Probot app (`bench/bare-probot.ts`) that reacts in its handler and does nothing else; both in processes of their own, on the same local GitHub, taking turns to be first. This app verifies, stores in Postgres and answers before it works; Probot answers when its handler is done. Times in ms; the ratio is of p50 to the bare app's.",
    tables: [
      {
        title: "From delivery",
        head: ["", "p50", "p95", "n", "ratio"],
        rows: [
          sampleRow("to 2xx, this app", sampleOf(ours.answered), base.answered),
          sampleRow("to 2xx, bare Probot", base.answered, base.answered),
          sampleRow("to reaction, this app", reacted, base.reacted),
          sampleRow("to reaction, bare Probot", base.reacted, base.reacted),
          sampleRow("floor: one reaction request to the local GitHub", one, base.reacted),
        ],
      },
    ],
  };
}
