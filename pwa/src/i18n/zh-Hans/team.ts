/** The team's day. Simplified Chinese. */
import type { Messages } from "../message";
import type { team as source } from "../zh-Hant/team";

export const team: Messages<typeof source> = {
  "team.first": "先看这些",
  "team.everybody": "每个人",
  "team.late": "逾期 {n} 家",
  "team.due": "今天 {n} 家",
  "team.done": "今天联系 {n} 家",
  "team.lastAt": "最后记录 {when}",
  "team.noContact": "还没有记录",
  "team.nobody": "还没有人向你汇报，请管理员设置主管。",
  "team.notDownloaded": "还没下载完，下载好就会出现。",
  "team.doneToday": "今天联系过",
  "team.quiet": "今天没有逾期，也没有该联系的。",
  "team.notYours": "这个人不在你的团队里。",
};
