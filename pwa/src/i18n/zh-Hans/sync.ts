/** The sync screen. Simplified Chinese. */
import type { Messages } from "../message";
import type { sync as source } from "../zh-Hant/sync";

export const sync: Messages<typeof source> = {
  "sync.title": "同步",
  "sync.offline": "离线，{n} 条存在这台设备",
  "sync.offlineHint": "照常工作就好，有信号会自动上传。",
  "sync.waiting": "{n} 条等待上传",
  "sync.waitingHint": "正在找机会上传，先存在这台设备。",
  "sync.allSaved": "全部都在公司了",
  "sync.savedHint": "没有待上传的内容。",
  "sync.downloading": "第一次下载中",
  "sync.last": "上次同步 {moment}，{ago}",
  "sync.neverSynced": "还没跟公司同步过",
  "sync.waitingTitle": "等待上传",
  "sync.items": "{n} 条",
  "sync.files": "{n} 张照片或文件",
  "sync.filesRefused": "{n} 个服务器不接收",
  "sync.export": "导出这 {n} 条",
  "sync.device": "这台设备",
  "sync.used": "用了 {size}",
  "sync.free": "还能存 {size}",
  "sync.customersHere": "{n} 家客户都在，没信号也查得到",
  "sync.rowsSoFar": "下载中，已有 {n} 条",
  "sync.persistent": "已受保护，浏览器不会自动清除",
  "sync.notPersistent": "空间不足时，浏览器可能清除这里的数据；已上传的都在公司。有信号时常打开 app，让它上传。",
  "sync.install": "添加到主屏幕更稳妥。",
  "sync.noBackup": "公司的服务器还没有备份；发出的内容这台设备也留着",
  "sync.backedUp": "这台设备发出的都在公司的备份里了",
  "sync.notBackedUp": "{n} 条已发出、还没进公司的备份；这台设备也留着",
  "sync.journalFull": "公司的服务器很久没有备份；发出的内容这台设备只再留最近 {n} 条",
};
