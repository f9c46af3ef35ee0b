/** The sign of each channel, the same on every screen. */
import type { IconName } from "../../ui/index";
import type { Channel } from "./model";

export const channelIcons: Record<Channel, IconName> = { visit: "pin", call: "phone", chat: "chat", email: "mail" };
