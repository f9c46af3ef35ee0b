/** How a person is reminded on this device: what a notification is for, turning it on, and the proof that it arrives. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ago, errorText, t } from "../../../i18n/index";
import { Btn, Empty, Icon, say, Screen, Section, Top } from "../../../ui/index";
import { mePath, Refusal } from "../../session/queries";
import { isHere, reachOf, turnOff, turnOn, type Reach } from "../push";
import { pushPort, type PushFacts } from "../push-port";

interface Known {
  readonly facts: PushFacts;
  readonly reach: Reach;
}

export default function Reminders(): JSX.Element {
  const [known, setKnown] = useState<Known | null>(null);
  const [refused, setRefused] = useState("");
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setRefused("");
    } catch (error) {
      setRefused(wordsOf(error));
    }
  };
  const read = (): Promise<void> =>
    guarded(async () => {
      const facts = await (await pushPort()).facts();
      setKnown({ facts, reach: reachOf(facts, await isHere()) });
    });
  const act = (work: () => Promise<unknown>): void => void guarded(async () => void (await work())).then(() => (refused === "" ? read() : undefined));
  useEffect(() => void read(), []);
  return (
    <Screen column name="reminders" head={<Top title={t("remind.title")} back={mePath} />}>
      <Section title={t("remind.push")}>
        <div class="card stack">
          <p>{t("remind.why")}</p>
          {known !== null && <Push known={known} act={act} />}
          {refused !== "" && (
            <p class="error" role="alert">
              <Icon name="need" />
              <span>{refused}</span>
            </p>
          )}
        </div>
      </Section>
      {known === null && refused === "" && <Empty icon="cloud">{t("remind.asking")}</Empty>}
    </Screen>
  );
}

function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.code === "offline" ? t("remind.offline") : errorText(error.code, error.params);
  if (error instanceof DOMException) return t("remind.noService");
  throw error;
}

function Push({ known: { facts, reach }, act }: { known: Known; act: (work: () => Promise<unknown>) => void }): JSX.Element {
  const { publicKey } = facts;
  if (publicKey === null) return <p class="note">{errorText("push_not_set_up")}</p>;
  if (reach === "unable") return <p class="note">{t("remind.unable")}</p>;
  if (reach === "denied") return <p class="note">{t("remind.denied")}</p>;
  if (reach === "off") return <Btn look="line" block icon="device" onClick={() => act(() => turnOn(publicKey))}>{t("remind.turnOn")}</Btn>;
  const test = async (): Promise<void> => {
    await (await pushPort()).tryReach();
    say(t("remind.tested"));
  };
  return (
    <>
      <Health facts={facts} />
      <Btn look="line" block onClick={() => act(test)}>{t("remind.test")}</Btn>
      <Btn look="text" onClick={() => act(() => turnOff())}>{t("remind.turnOff")}</Btn>
    </>
  );
}

/** What is proven: when one last arrived at the push service, and in words what went wrong since. */
function Health({ facts: { succeededAt, failedAt, error } }: { facts: PushFacts }): JSX.Element {
  return (
    <>
      <p class="note">
        <Icon name="check" size="s" /> {succeededAt === null ? t("remind.on") : t("remind.sent", { ago: ago(succeededAt) })}
      </p>
      {error !== null && failedAt !== null && <p class="note">{t("remind.failed", { ago: ago(failedAt), why: errorText(error) })}</p>}
    </>
  );
}
