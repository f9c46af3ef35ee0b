/** The sync state in a corner of every screen, and what the whole app has to say of it. Simplified Chinese. */
import type { Messages } from "../message";
import type { chip as source } from "../zh-Hant/chip";

export const chip: Messages<typeof source> = {
  "sync.chip.waiting": "{n} 待传",
  "sync.chip.waitingLabel": "{n} 待传，存在这台设备",
  "sync.chip.offline": "离线",
  "sync.chip.offlineLabel": "离线，都存好了",
  "sync.chip.downloading": "下载中",
  "sync.chip.downloadingLabel": "下载中，第一次会久一点",
  "sync.chip.busy": "同步中",
  "sync.chip.busyLabel": "同步中，正在跟公司核对",
  "sync.chip.needs": "{n} 需要你",
  "sync.chip.needsLabel": "{n} 需要你，等你决定",
  "sync.chip.saved": "已上传",
  "sync.chip.savedLabel": "已上传，全部都在公司了",
  "sync.retry": "再试一次",
  "sync.full": "这台设备快满了：暂时不再下载，请清理空间。",
  "sync.safariTab": "{n} 条还没上传，而这里是 Safari 标签页，太久没打开会被清除。请添加到主屏幕。",
};
