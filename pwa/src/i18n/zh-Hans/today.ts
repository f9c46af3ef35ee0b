/** Today, and when somebody is due. Simplified Chinese. */
import type { Messages } from "../message";
import type { today as source } from "../zh-Hant/today";

export const today: Messages<typeof source> = {
  "today.late": "逾期",
  "today.today": "今天该联系",
  "today.soon": "快到了",
  "today.more": "还有 {n} 家，到客户看全部",
  "today.next": "下一步",
  "today.whom": "找{name}：{why}",
  "today.nothing": "没有逾期，今天也没有该联系的，照计划走。",
  "today.findCustomer": "找客户",
  "today.notDownloaded": "还没下载完，下载好就会出现。",
  "today.needsYou": "{n} 件需要你",
  "today.needsYouWhy": "看一眼，选一个就好",
  "today.drafts": "还没存的",
  "today.draftAt": "{moment} 写到一半",
  "today.draftOfLeft": "已不在你名单里的客户",
  "today.occasions": "节日与纪念日",
  "today.greet": "{day}，{n} 位客户",
  "today.allOccasions": "全部 {n} 个",
  "due.late": "逾期 {n} 天",
  "due.by": "最晚 {day}",
  "due.how": "{when} {channel}",
  "due.cadence": "{tier} 级每 {n} 天要联系一次",
  "due.planned": "约好的{channel}",
  "team.title": "团队今日",
  "team.why": "谁需要帮忙、谁逾期",
  "quick.add": "快速新增",
  "edit.new.customer": "新客户",
};
