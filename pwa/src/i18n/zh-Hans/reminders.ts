/** The inbox, and how a person is reminded. Simplified Chinese. */
import type { Messages } from "../message";
import type { reminders as source } from "../zh-Hant/reminders";

export const reminders: Messages<typeof source> = {
  "inbox.title": "提醒",
  "inbox.hint": "到期的联系和每天早上的汇总",
  "inbox.count": "{n} 条还没看",
  "inbox.new": "新的",
  "inbox.digest": "{day}的待办",
  "inbox.due": "{n} 件当天到期",
  "inbox.late": "{n} 件逾期",
  "inbox.dueOn": "{day}到期",
  "inbox.appointment": "约在{moment}",
  "inbox.other": "有一件事提醒你",
  "inbox.none": "最近两周没有提醒。",
  "inbox.notDownloaded": "还没下载完，下载好就会出现。",
};
