/** Parts of a screen whose code is fetched once the rest stands. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { whenIdle } from "./idle";

/** Nothing stands in its place until then; where it cannot be fetched, the next time that the screen is shown tries again. */
export function afterwards<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  return function Afterwards(props: P): JSX.Element | null {
    const [Part, show] = useState<{ readonly View: ComponentType<P> } | null>(known === null ? null : { View: known });
    useEffect(() => {
      if (Part !== null) return undefined;
      return whenIdle(() => {
        load().then(({ default: View }) => {
          known = View;
          show({ View });
        }, () => undefined);
      });
    }, []);
    return Part === null ? null : <Part.View {...props} />;
  };
}
