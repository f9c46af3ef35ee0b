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
  "remind.title": "通知",
  "remind.hint": "应用关着时也提醒",
  "remind.push": "这台设备",
  "remind.why": "到期的联系和早上的汇总，应用关着也会弹出来。锁屏上只说有事，不显示客户是谁。",
  "remind.asking": "正在问公司这台设备收不收得到。",
  "remind.offline": "要连上公司才能改通知。提醒照样在“我的”里。",
  "remind.noService": "浏览器连不到它的推送服务，稍后再试。提醒照样在“我的”里。",
  "remind.unable": "这个浏览器收不到通知。iPhone 和 iPad 要先把拜访加到主屏幕。提醒照样在“我的”里。",
  "remind.denied": "这台设备不准拜访通知你。要打开请到系统或浏览器的设置。",
  "remind.turnOn": "在这台设备开通知",
  "remind.turnOff": "这台不要通知",
  "remind.test": "发一条测试",
  "remind.tested": "测试发出了，几秒内会到",
  "remind.on": "已开，还没发过",
  "remind.sent": "上次送到：{ago}",
  "remind.failed": "{ago}没送到：{why}",
};
