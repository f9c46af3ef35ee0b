/** The team's day. Traditional Chinese, the source. */
export const team = {
  "team.first": "先看這些",
  "team.everybody": "每個人",
  "team.late": "逾期 {n} 家",
  "team.due": "今天 {n} 家",
  "team.done": "今天聯絡 {n} 家",
  "team.lastAt": "最後紀錄 {when}",
  "team.noContact": "還沒有紀錄",
  "team.nobody": "還沒有人向你報告，請管理員設定主管。",
  "team.notDownloaded": "還沒下載完，下載好就會出現。",
  "team.doneToday": "今天聯絡過",
  "team.quiet": "今天沒有逾期，也沒有該聯絡的。",
  "team.notYours": "這個人不在你的團隊裡。",
} as const;
