import type { LocalGitHub } from "../../github/hub.ts";
import type { Account } from "../../github/store/records.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";

/** A coloured initial; bots are square, people round. */
export function avatar(account: Account, size: "small" | "large" = "small"): Html {
  let hue = 0;
  for (const character of account.login) hue = (hue * 31 + character.charCodeAt(0)) % 360;
  const shape = account.type === "User" ? "round" : "square";
  const inside = account.type === "Bot" ? icon("robot") : account.login.charAt(0).toUpperCase();
  // Steps of the golden angle keep the colours of like names apart.
  hue = (hue * 137) % 360;
  return html`<span class="avatar ${size} ${shape}" style="--hue: ${hue}" aria-hidden="true">${inside}</span>`;
}

export function personLink(account: Account): Html {
  const bot = account.type === "Bot" ? html` <span class="badge quiet">bot</span>` : "";
  return html`<a class="person" href="${accountPath(account)}">${shownLogin(account)}</a>${bot}`;
}

/** A bot's login without its "[bot]", which the badge says. */
function shownLogin(account: Account): string {
  return account.login.replace(/\[bot\]$/, "");
}

export function accountPath(account: Account): string {
  return account.type === "Bot" ? `/apps/${shownLogin(account)}` : `/${account.login}`;
}

export function personById(hub: LocalGitHub, id: number): Html {
  return personLink(hub.store.accounts.must(id));
}
