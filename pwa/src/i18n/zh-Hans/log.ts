/** The log sheet. Simplified Chinese. */
import type { Messages } from "../message";
import type { log as source } from "../zh-Hant/log";

export const log: Messages<typeof source> = {
  "log.title": "记录",
  "log.pickTitle": "记录哪一家？",
  "log.channel": "怎么联系的",
  "log.outcome": "结果",
  "log.met": "见到谁",
  "log.newPerson": "新的人",
  "log.notes": "重点",
  "log.mic": "用键盘的麦克风说也行",
  "log.nextStep": "下一步",
  "log.next": "下次联系",
  "log.cadence": "{tier} 级每 {n} 天，最晚 {date}",
  "log.pickDate": "选日期",
  "log.change": "换",
  "log.checkIn": "我到了，记下时间地点",
  "log.arrived": "{time} 到，待了 {n} 分钟",
  "log.arrivedAt": "{time} 到，待了 {n} 分钟，误差 {metres} 米",
  "log.draft": "草稿 {time} 已存",
  "log.close": "关闭，草稿会留着",
  "log.save": "保存{channel}",
  "log.saved": "{name} 的{channel}存好了",
  "log.offlineHint": "离线也能保存，有信号会自动上传",
  "revise.title": "更正记录",
  "revise.open": "更正 {moment} 的{channel}",
  "revise.save": "保存更正",
  "revise.saved": "更正保存好了",
  "revise.hint": "改之前写的，公司仍留着",
};
