/** Keeps a screen equal to the database: a query runs again when any tab changes what it read. */
import { liveQuery } from "dexie";
import { useEffect, useMemo, useState } from "preact/hooks";
import { isAside } from "./aside";
import { isConnectionLost } from "./steady";

interface Result<T> {
  readonly asked: object;
  readonly value?: T;
  readonly error?: unknown;
}

/** What could not be read is read again after this long; steady.ts has tried a fresh connection at once. */
const AGAIN_MS = 1000;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Watches a query outside of a component, also after an error: what was not read is not what is there. Returns how to stop. */
export function watch<T>(query: () => Promise<T>, onValue: (value: T) => void, onError: (error: unknown) => void): () => void {
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Dexie follows native awaits only inside a function that is visibly async; of some errors it tells nobody.
  const outcome = async (): Promise<Outcome<T>> => {
    try {
      return { value: await query() };
    } catch (error) {
      return { error };
    }
  };
  const begin = () => {
    const subscription = liveQuery(outcome).subscribe((now) => ("error" in now ? fail(now.error) : onValue(now.value)));
    unsubscribe = () => subscription.unsubscribe();
  };
  const fail = (error: unknown) => {
    unsubscribe();
    // A page that was put aside holds up nobody: it comes back only to load anew.
    if (isAside()) return;
    timer = setTimeout(begin, AGAIN_MS);
    if (!isConnectionLost(error)) onError(error);
  };
  begin();
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** The query's present result; undefined until the first one for these `deps` is there. A failing query throws in render. */
export function useLive<T>(query: () => Promise<T>, deps: readonly unknown[]): T | undefined {
  // A result belongs to the question: the answer to old deps must never be shown under new ones.
  const asked = useMemo(() => ({}), deps as unknown[]);
  const [result, setResult] = useState<Result<T> | null>(null);
  useEffect(
    () => watch(query, (value) => setResult({ asked, value }), (error) => setResult({ asked, error })),
    [asked],
  );
  if (result?.asked !== asked) return undefined;
  if (result.error !== undefined) throw result.error;
  return result.value;
}
