/** The inbox, and how a person is reminded. Traditional Chinese, the source. */
export const reminders = {
  "inbox.title": "提醒",
  "inbox.hint": "到期的聯絡和每天早上的整理",
  "inbox.count": "{n} 則還沒看",
  "inbox.new": "新的",
  "inbox.digest": "{day}的待辦",
  "inbox.due": "{n} 件當天到期",
  "inbox.late": "{n} 件逾期",
  "inbox.dueOn": "{day}到期",
  "inbox.appointment": "約在{moment}",
  "inbox.other": "有一件事提醒你",
  "inbox.none": "最近兩週沒有提醒。",
  "inbox.notDownloaded": "還沒下載完，下載好就會出現。",
} as const;
