/** Screens that are not needed first arrive when they are opened; offline they come out of the precache. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/index";
import { Btn, Empty } from "../ui/index";

type Module<P> = { default: ComponentType<P> };

/** A component that fetches its own code; `load` is also how to fetch it ahead of time. */
export function lazy<P extends object>(load: () => Promise<Module<P>>): ComponentType<P> & { load: () => Promise<unknown> } {
  let known: ComponentType<P> | null = null;
  const fetchOnce = async (): Promise<ComponentType<P>> => (known ??= (await load()).default);
  function Lazy(props: P): JSX.Element | null {
    const [Loaded, show] = useState<{ view: ComponentType<P> } | null>(known === null ? null : { view: known });
    const [failed, setFailed] = useState(false);
    const begin = (): void => {
      setFailed(false);
      fetchOnce().then((view) => show({ view }), () => setFailed(true));
    };
    useEffect(() => {
      if (Loaded === null) begin();
    }, []);
    if (Loaded !== null) return <Loaded.view {...props} />;
    return failed ? <NotFetched retry={begin} /> : null;
  }
  // Ahead of time a failure means nothing yet: whoever opens it fetches again, and says so.
  return Object.assign(Lazy, { load: () => fetchOnce().catch(() => undefined) });
}

/** Only before the app has been kept on the device, with no network. */
function NotFetched({ retry }: { retry: () => void }): JSX.Element {
  return (
    <Empty icon="cloudoff" action={<Btn look="line" onClick={retry}>{t("sync.retry")}</Btn>}>
      {t("app.notFetched")}
    </Empty>
  );
}
