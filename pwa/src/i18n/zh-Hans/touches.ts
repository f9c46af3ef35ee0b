/** The plan sheet. Simplified Chinese. */
import type { Messages } from "../message";
import type { touches as source } from "../zh-Hant/touches";

export const touches: Messages<typeof source> = {
  "touch.plan": "安排下次联系",
  "touch.change": "改这次联系",
  "touch.save": "确定安排",
  "touch.keep": "保存",
  "touch.snooze": "晚 {n} 天再说",
  "touch.snoozed": "延到 {day}",
  "touch.skip": "这次不联系",
  "touch.skipped": "这次跳过，下次照常",
  "touch.saved": "已安排",
  "touch.from": "从",
  "touch.to": "最晚",
  "touch.time": "时间",
  "touch.contact": "找谁",
  "touch.anybody": "谁都可以",
  "touch.assignee": "谁去",
  "touch.assigneeGone": "{name} 已经不在职，换个人去。",
  "touch.chooseAssignee": "选一位同事",
  "touch.meNamed": "{name}（我）",
  "touch.why": "为什么",
  "touch.withWhom": "找{name}",
};
