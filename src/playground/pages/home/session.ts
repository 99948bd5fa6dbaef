import type { Reply } from "../reply.ts";
import { PageError } from "../request.ts";
import { people, type Visit } from "../visit.ts";

/** Holds the login of the person that a browser acts as. */
export const PERSON_COOKIE = "local_person";

/** Login of the person that this browser chose to be. */
export function chosenLogin(cookies: ReadonlyMap<string, string>): string | undefined {
  return cookies.get(PERSON_COOKIE);
}

/** Signs in as the person named in the form; an empty name signs out. */
export async function changePerson(visit: Visit): Promise<Reply> {
  const login = visit.request.form.get("login") ?? "";
  if (login !== "" && !people(visit.hub).some((person) => person.login === login)) {
    throw new PageError(404, `Choose another person: there is no "${login}" here.`);
  }
  const age = login === "" ? "Max-Age=0" : "Max-Age=31536000";
  return {
    kind: "redirect",
    to: localPath(visit.request.form.get("back")),
    cookie: `${PERSON_COOKIE}=${encodeURIComponent(login)}; Path=/; ${age}; HttpOnly; SameSite=Strict`,
  };
}

/** An address of these pages, whatever was asked for. */
export function localPath(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])[^\s\\]*$/.test(wanted) ? wanted : "/";
}
