/** Which screen an address means. */

export type Route =
  | { readonly screen: "today" }
  | { readonly screen: "customers"; readonly pk: string | null }
  | { readonly screen: "occasions" }
  | { readonly screen: "needs-you" }
  | { readonly screen: "inbox" }
  | { readonly screen: "team"; readonly pk: string | null }
  | { readonly screen: "me" }
  | { readonly screen: "reminders" }
  | { readonly screen: "sync" }
  | { readonly screen: "devices" }
  | { readonly screen: "unknown" };

const plain: Readonly<Record<string, Route>> = {
  "/": { screen: "today" },
  "/customers": { screen: "customers", pk: null },
  "/occasions": { screen: "occasions" },
  "/needs-you": { screen: "needs-you" },
  "/inbox": { screen: "inbox" },
  "/team": { screen: "team", pk: null },
  "/me": { screen: "me" },
  "/me/reminders": { screen: "reminders" },
  "/me/sync": { screen: "sync" },
  "/me/devices": { screen: "devices" },
};

export function routeOf(path: string): Route {
  const known = plain[path.length > 1 ? path.replace(/\/+$/, "") : path];
  if (known !== undefined) return known;
  const rep = /^\/team\/([0-9a-f-]{36})$/.exec(path);
  if (rep?.[1] !== undefined) return { screen: "team", pk: rep[1] };
  const customer = /^\/customers\/([0-9a-f-]{36})$/.exec(path);
  return customer?.[1] === undefined ? { screen: "unknown" } : { screen: "customers", pk: customer[1] };
}

/** The tab under which a screen belongs. */
export function tabOf(route: Route): "/" | "/customers" | "/needs-you" | "/me" | null {
  if (route.screen === "today" || route.screen === "occasions" || route.screen === "team") return "/";
  if (route.screen === "customers") return "/customers";
  if (route.screen === "needs-you") return "/needs-you";
  return route.screen === "unknown" ? null : "/me";
}
