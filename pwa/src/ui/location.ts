/** Where the person is: path and query as a signal, with Back giving back scroll position and filters. */
import { computed, signal } from "@preact/signals";
import { whenIdle, whenPainted } from "./idle";

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

interface Entry {
  /** Names this history entry, so that its scroll position can be found again; a sheet shares it with the screen that it rises over. */
  readonly key: string;
  /** How many of our own entries lie before it: 0 means that Back would leave the app. */
  readonly depth: number;
}

const place = signal<Place>({ path: "/", query: new URLSearchParams() });
const entry = signal<Entry>({ key: "0", depth: 0 });

export const here = computed(() => place.value);
/** Changes with every history entry; screens restore their scroll when it changes. */
export const entryKey = computed(() => entry.value.key);

let counter = 0;

/** Starts listening to Back, Forward and to links inside the app. */
export function startLocation(): void {
  history.scrollRestoration = "manual";
  const kept = history.state as Entry | null;
  adopt(kept ?? { key: newKey(), depth: 0 });
  history.replaceState(entry.value, "");
  window.addEventListener("popstate", ({ state }) => cameTo((state as Entry | null) ?? { key: newKey(), depth: 0 }));
  window.addEventListener("pagehide", write);
  document.addEventListener("click", followLink);
}

/** Back or Forward. A screen that the browser did not know yet is what Back has left: then the one below it is meant, not the one before that. */
function cameTo(next: Entry): void {
  const isTooFar = unwritten?.isNew === true && next.depth < entry.value.depth - 1;
  unwritten?.callOff();
  unwritten = null;
  if (isTooFar) history.forward();
  else adopt(next);
}

function newKey(): string {
  counter += 1;
  return `${performance.timeOrigin}-${counter}`;
}

function adopt(next: Entry): void {
  entry.value = next;
  showAddress(window.location.pathname, window.location.search);
}

function showAddress(path: string, search: string): void {
  place.value = placeOf(path, search);
}

const placeOf = (path: string, search: string): Place => ({ path, query: new URLSearchParams(search) });

/** Goes to an address of this app. `replace` keeps the history entry: for filters and redirects. */
export function navigate(to: string, { replace = false } = {}): void {
  const [path = "/", search = ""] = to.split(/(?=\?)/, 2);
  if (!replace) {
    write();
    entry.value = { key: screenOf(placeOf(path, search)) === screenOf(place.value) ? entry.value.key : newKey(), depth: entry.value.depth + 1 };
  }
  writeSoon(to, !replace);
  showAddress(path, search);
}

// Browsers refuse more than a hundred history changes in half a minute; a search box makes that many.
const REPLACE_MS = 250;

/** What the screens show already and the browser does not know yet: telling it takes as long as drawing some rows. */
let unwritten: { readonly to: string; readonly isNew: boolean; readonly callOff: () => void } | null = null;

function writeSoon(to: string, isNewEntry: boolean): void {
  const isNew = isNewEntry || unwritten?.isNew === true;
  unwritten?.callOff();
  unwritten = { to, isNew, callOff: isNew ? whenPainted(write) : whenTyped(write) };
}

function whenTyped(work: () => void): () => void {
  let callOff = (): void => clearTimeout(timer);
  const timer = setTimeout(() => (callOff = whenIdle(work)), REPLACE_MS);
  return () => callOff();
}

function write(): void {
  if (unwritten === null) return;
  const { to, isNew, callOff } = unwritten;
  unwritten = null;
  callOff();
  if (isNew) history.pushState(entry.value, "", to);
  else history.replaceState(entry.value, "", to);
}

/** Goes back, or to `fallback` when the app was opened right here. */
export function goBack(fallback: string): void {
  write();
  if (entry.value.depth > 0) history.back();
  else navigate(fallback, { replace: true });
}

/** The present address with some query values changed; null or "" removes one. */
export function withQuery(changes: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? place.value.path : `${place.value.path}?${text}`;
}

const SHEET = "sheet";
const OF_SHEET = "s.";

/** A sheet is part of the address, so that Back closes it and a reload opens it again. Its own values are kept apart from the screen's. */
export function sheetAddress(sheet: string, params: Readonly<Record<string, string | null>> = {}): string {
  const own = Object.fromEntries(Object.entries(params).map(([name, value]) => [OF_SHEET + name, value]));
  return withQuery({ ...without(), [SHEET]: sheet, ...own });
}

export const openSheet = computed(() => place.value.query.get(SHEET));

export const sheetParam = (name: string): string | null => place.value.query.get(OF_SHEET + name);

/** Leaves the sheet for the screen below it. */
export function closeSheet(): void {
  goBack(withQuery(without()));
}

/** Every value that belongs to the open sheet, to be removed. */
function without(): Record<string, null> {
  return Object.fromEntries([...place.value.query.keys()].filter(isOfSheet).map((name) => [name, null]));
}

const isOfSheet = (name: string): boolean => name === SHEET || name.startsWith(OF_SHEET);

/** The same for all sheets over one screen. */
const screenOf = ({ path, query }: Place): string => JSON.stringify([path, [...query].filter(([name]) => !isOfSheet(name))]);

/** Goes where a link leads. Tapping the current tab again must not pile up history entries. */
export const follow = (to: string): void => navigate(to, { replace: to === withQuery({}) });

/** Whether a click means this window, not a new one. */
export const isForThisWindow = (event: MouseEvent): boolean =>
  !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

function followLink(event: MouseEvent): void {
  if (!isForThisWindow(event)) return;
  const link = (event.target as Element | null)?.closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download")) return;
  if (link.origin !== window.location.origin) return;
  event.preventDefault();
  follow(link.pathname + link.search);
}
