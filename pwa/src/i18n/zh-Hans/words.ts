/** Words of the first screens that others share: states, dates, tiers, channels and what to do next. Simplified Chinese. */
import type { Messages } from "../message";
import type { words as source } from "../zh-Hant/words";

export const words: Messages<typeof source> = {
  "saved.device": "在这台设备",
  "saved.server": "已上传",
  "saved.held": "已收下，待处理",
  "saved.needs": "需要你",
  "date.today": "今天",
  "date.yesterday": "昨天",
  "date.tomorrow": "明天",
  "date.moment": "{day} {time}",
  "date.justNow": "刚刚",
  "date.minutesAgo": "{n} 分钟前",
  "date.hoursAgo": "{n} 小时前",
  "date.daysAgo": "{n} 天前",
  "tier.label": "{tier} 级客户",
  "tier.none": "还没分级",
  "channel.visit": "拜访",
  "channel.call": "通话",
  "channel.email": "邮件",
  "channel.chat": "消息",
  "act.call": "拨打",
  "act.chat": "发 LINE",
  "act.email": "发邮件",
  "act.callWhom": "拨打 {name}",
  "act.lineWhom": "发 LINE 给 {name}",
  "act.mailWhom": "发邮件给 {name}",
  "act.visit": "导航",
  "act.navigateTo": "导航到 {name}",
  "act.open": "打开",
  "act.log": "记录",
};
