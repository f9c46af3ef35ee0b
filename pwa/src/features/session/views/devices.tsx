/** Every device signed in to this account, and ending the session of one that was lost. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ago, errorText, moment, t } from "../../../i18n/index";
import { Btn, Empty, Icon, Row, say, Screen, Top } from "../../../ui/index";
import { sessionPort } from "../commands";
import { Refusal, toldApart, type Device } from "../model";
import { mePath } from "../queries";

export default function Devices(): JSX.Element {
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const names = toldApart(devices ?? []);
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      setRefused(null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefused(error);
    }
  };
  const read = (): Promise<void> => guarded(async () => setDevices(await sessionPort().listDevices()));
  const revoke = (device: Device): Promise<void> =>
    guarded(async () => {
      await sessionPort().revokeDevice(device.id);
      say(t("devices.revoked", { name: names.get(device.id) ?? device.name }));
      await read();
    });
  useEffect(() => void read(), []);
  return (
    <Screen column name="devices" head={<Top title={t("devices.title")} back={mePath} />}>
      {devices === null && refused === null && <Empty icon="cloud">{t("devices.asking")}</Empty>}
      {refused !== null && (
        <Empty icon="cloudoff" action={<Btn look="line" onClick={() => void read()}>{t("sync.retry")}</Btn>}>
          {refused.code === "offline" ? t("devices.offline") : errorText(refused.code, refused.params)}
        </Empty>
      )}
      <ul class="group">
        {devices?.map((device) => (
          <li key={device.id}>
            <Row
              lead={<Icon name="device" />}
              title={<b>{names.get(device.id)}</b>}
              second={[
                device.isCurrent ? t("devices.current") : t("devices.seen", { ago: ago(device.lastSeenAt) }),
                t("devices.since", { moment: moment(device.signedInAt) }),
              ].join(t("list.separator"))}
              action={!device.isCurrent && <Btn look="text" late onClick={() => void revoke(device)}>{t("devices.revoke")}</Btn>}
            />
          </li>
        ))}
      </ul>
    </Screen>
  );
}
