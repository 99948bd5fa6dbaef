import type { Stage } from "../stage.ts";
import { numberAt, READERS, sceneOn } from "./scene.ts";

/** The API's own addresses, accounts, organizations, limits, search. */
export async function playPeople(stage: Stage): Promise<void> {
  const { recorder: r, hub } = stage;
  for (const as of ["nobody", "rob", "bot"]) {
    await r.call(`${as} meta/root`);
    await r.call(`${as} rate-limit/get`);
  }
  await r.call("nobody meta/get");
  await r.call("rob users/get-authenticated");
  await r.call("bot users/get-authenticated", {}, { expect: 403 });
  await r.call("nobody users/get-authenticated", {}, { expect: 401 });
  await r.call("forged users/get-authenticated", {}, { expect: 401 });
  for (const username of ["wendy", "helper[bot]", "acme"]) {
    await r.call("bot users/get-by-username", { username });
  }
  const wendy = await r.call("nobody users/get-by-username", { username: "wendy" });
  await r.call("bot users/get-by-id", { account_id: numberAt(wendy, "id") });
  await r.call("rob users/get-by-username", { username: "nobody-at-all" }, { expect: 404 });
  await r.call("rob users/get-by-id", { account_id: 99_999_999 }, { expect: 404 });
  for (const as of READERS) {
    await r.call(`${as} users/list`, { per_page: 2 });
    await r.call(`${as} orgs/get`, { org: "acme" });
    await r.call(`${as} repos/list-for-org`, { org: "acme" });
    await r.call(`${as} repos/list-for-user`, { username: "wendy" });
  }
  await r.call("olga orgs/get", { org: "acme" });
  await r.call("olga orgs/get", { org: "wendy" }, { expect: 404 });
  await hub.createRepository({ owner: "wendy", name: "notes", private: true });
  for (const as of ["olga", "wendy"]) await r.call(`${as} repos/list-for-authenticated-user`);
}

/** A repository's settings, its collaborators, its end. */
export async function playSettings(stage: Stage): Promise<void> {
  const { call, each } = sceneOn(stage);
  await each(["nobody", "bot", "rob", "wendy", "olga"], "repos/get");
  await call("rob repos/get", { owner: "wendy", repo: "notes" }, { expect: 404 });
  await call("olga repos/update", { description: "Sells things", has_wiki: false });
  await call("rob repos/update", { description: "Mine" }, { expect: 403 });
  await each(READERS, "repos/get-all-topics");
  await each(["bot", "olga"], "repos/list-collaborators");
  await call("rob repos/list-collaborators", {}, { expect: 403 });
  stage.hub.createUser({ login: "sam" });
  await call("olga repos/add-collaborator", { username: "sam", permission: "triage" });
  await call("olga repos/add-collaborator", { username: "no-one" }, { expect: 404 });
  await each(["bot", "olga"], "repos/check-collaborator", { username: "sam" });
  for (const username of ["olga", "wendy", "rob", "sam", "helper[bot]"]) {
    await call("bot repos/get-collaborator-permission-level", { username });
  }
  await call("wendy repos/get-collaborator-permission-level", { username: "rob" });
  await call(
    "bot repos/get-collaborator-permission-level",
    { username: "no-one" },
    { expect: 404 },
  );
  await call("olga repos/remove-collaborator", { username: "sam" });
  await call("bot repos/check-collaborator", { username: "sam" }, { expect: 404 });
  await call("bot repos/get-collaborator-permission-level", { username: "sam" });
  for (const as of ["bot", "wendy"]) {
    await call(`${as} repos/create-dispatch-event`, {
      event_type: "cleaned",
      client_payload: { by: as },
    });
  }
  await playMoved(stage);
}

async function playMoved(stage: Stage): Promise<void> {
  const { call } = sceneOn(stage);
  await stage.hub.createRepository({ owner: "acme", name: "old", from: { a: "1\n" } });
  await call("olga repos/update", { repo: "old", name: "older", private: true });
  await call("olga repos/get", { repo: "old" }, { expect: 301 });
  await call("olga issues/create", { repo: "old", title: "Moved" }, { expect: 307 });
  await call("rob repos/get", { repo: "older" }, { expect: 404 });
  await call("olga repos/delete", { repo: "older" });
  await call("olga repos/get", { repo: "older" }, { expect: 404 });
}

/** Searches, once there is something to find. */
export async function playSearch(stage: Stage): Promise<void> {
  const { recorder: r } = stage;
  for (const as of READERS) {
    await r.call(`${as} search/issues-and-pull-requests`, { q: "repo:acme/shop is:issue" });
    await r.call(`${as} search/issues-and-pull-requests`, {
      q: "repo:acme/shop is:pr",
      per_page: 1,
    });
  }
  await r.call("rob search/issues-and-pull-requests", { q: " " }, { expect: 422 });
}
