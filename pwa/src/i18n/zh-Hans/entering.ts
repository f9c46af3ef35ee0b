/** Signing in, what is sealed on a device, and the first download. Simplified Chinese. */
import type { Messages } from "../message";
import type { entering as source } from "../zh-Hant/entering";

export const entering: Messages<typeof source> = {
  "signIn.login": "账号",
  "signIn.password": "密码",
  "signIn.enter": "登录",
  "signIn.busy": "登录中",
  "signIn.hint": "只有登录需要网络，之后离线也能用。",
  "signIn.offline": "连不上公司。请确认网络后再试。",
  "signIn.known": "用过这台设备的人",
  "signIn.expired": "登录过期了。数据都在，输入密码就会继续上传。",
  "sealed.barred": "{name} 在这台设备的使用权已被取消。",
  "sealed.unsent": "还有 {n} 条没送到{company}，联网后会自动发送。",
  "sealed.sent": "{n} 条已送到{company}。",
  "sealed.nothing": "没有未发送的内容。",
  "evicted.text": "浏览器清掉了这台设备上的数据，正在重新下载。送到公司的都在，正在写的字也还在；还没送的照片请再加一次。",
  "evicted.unsent": "有 {n} 条还没送到公司，这里已经没有了，请再写一次。",
  "evicted.seen": "知道了",
  "download.title": "第一次下载，已有 {n} 条",
  "download.waiting": "等网络，已有 {n} 条",
  "download.nothingYet": "客户马上就来，可以先看看。",
  "download.usable": "{n} 家客户已经可以看、可以记录。",
};
