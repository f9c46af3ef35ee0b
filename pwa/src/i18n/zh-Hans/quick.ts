/** Quick add: one line for a plan. Simplified Chinese. */
import type { Messages } from "../message";
import type { quick as source } from "../zh-Hant/quick";

export const quick: Messages<typeof source> = {
  "quick.title": "一句话加一件事",
  "quick.line": "一句话",
  "quick.example": "例：下周三 10点 拜访王经理",
  "quick.whom": "找哪一位？",
  "quick.understood": "看懂的部分",
  "quick.strike": "不是“{words}”",
  "quick.person": "{person}・{company}",
  "quick.saved": "排好了：{day}",
  "quick.noSuchDay": "没有“{words}”这一天，换个日期。",
  "quick.noSuchTime": "没有“{words}”这个时间，换个时间。",
  "quick.over": "{day} 已经过去了，换个日期。",
};
