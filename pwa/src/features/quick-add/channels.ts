/** The verbs that say by which channel. */
import type { Channel } from "../touches/queries";
import { rule, type Rule } from "./rules";

const by = (channel: Channel, pattern: string): Rule => rule(pattern, () => channel);

export const CHANNELS: readonly Rule[] = [
  by("visit", "拜訪|拜访|面談|面谈|見面|见面|約見|约见|去見|去见|\\b(?:visit|meet)(?:\\s+with)?\\b|\\bsee\\b"),
  by("email", "(?:寄|發|发|寫|写)(?:一封)?(?:信|電郵|电邮|電子郵件|电子邮件|郵件|邮件|e-?mail)(?:給|给)?|\\be-?mail\\b"),
  by("chat", "(?:傳|传|發|发)(?:個|个)?(?:line|訊息|讯息|消息|微信|簡訊|短信)(?:給|给)?|傳訊(?:給)?|\\b(?:line|message|text|whatsapp)\\b|微信"),
  by("call", "打(?:個|个|通)?(?:電話|电话)?(?:給|给)|打(?:個|个|通)?(?:電話|电话)|致電|致电|回電(?:話)?(?:給)?|回电(?:话)?(?:给)?|電話|电话|\\b(?:call|phone|ring)(?:\\s+back)?\\b"),
];
