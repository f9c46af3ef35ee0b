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

/** Watches a query outside of a component. Returns how to stop. */
export function watch<T>(query: () => Promise<T>, onValue: (value: T) => void, onError: (error: unknown) => void): () => void {
  let stopped = false;
  let unsubscribe = () => {};
  const begin = () => {
    // Dexie follows native awaits only inside a function that is visibly async.
    const subscription = liveQuery(async () => query()).subscribe({ next: onValue, error: fail });
    unsubscribe = () => subscription.unsubscribe();
  };
  // A lost connection ends the subscription; the query itself reopens the database when it runs again.
  const fail = (error: unknown) => {
    // A page that was put aside holds up nobody: it comes back only to load anew.
    if (isAside()) return;
    if (!stopped && isConnectionLost(error)) begin();
    else onError(error);
  };
  begin();
  return () => {
    stopped = true;
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
