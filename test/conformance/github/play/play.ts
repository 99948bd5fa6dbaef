import type { Stage } from "../stage.ts";
import { playApps, playHooks, playInstallation, playManifest } from "./apps.ts";
import { playChecks } from "./checks.ts";
import { playContents, playGitData, playHistory } from "./code.ts";
import { playComments, playIssues, playLabels, playTimeline } from "./issues.ts";
import { playPeople, playSearch, playSettings } from "./people.ts";
import { playPulls } from "./pulls.ts";
import { playReviews } from "./reviews.ts";

/** Everything that people and apps can do, over HTTP wherever GitHub has an operation for it. */
export async function play(stage: Stage): Promise<void> {
  await playPeople(stage);
  await playSettings(stage);
  await playContents(stage);
  await playHistory(stage, await playGitData(stage));
  const issue = await playIssues(stage);
  await playLabels(stage, issue);
  await playComments(stage, issue);
  const pull = await playPulls(stage);
  await playReviews(stage, pull);
  await playChecks(stage);
  await playTimeline(stage, [issue, pull]);
  await playSearch(stage);
  await playHooks(stage);
  await playApps(stage);
  await playInstallation(stage, await playManifest(stage));
  await stage.hub.webhooks.idle();
}
