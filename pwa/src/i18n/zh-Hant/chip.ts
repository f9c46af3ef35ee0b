/** The sync state in a corner of every screen, and what the whole app has to say of it. Traditional Chinese, the source. */
export const chip = {
  "sync.chip.waiting": "{n} 待傳",
  "sync.chip.waitingLabel": "{n} 待傳，存在這台裝置",
  "sync.chip.offline": "離線",
  "sync.chip.offlineLabel": "離線，都存好了",
  "sync.chip.downloading": "下載中",
  "sync.chip.downloadingLabel": "下載中，第一次會久一點",
  "sync.chip.busy": "同步中",
  "sync.chip.busyLabel": "同步中，正在跟公司核對",
  "sync.chip.needs": "{n} 需要你",
  "sync.chip.needsLabel": "{n} 需要你，等你決定",
  "sync.chip.saved": "已上傳",
  "sync.chip.savedLabel": "已上傳，全部都在公司了",
  "sync.retry": "再試一次",
  "sync.full": "這台裝置快滿了：暫時不再下載，請清出空間。",
  "sync.safariTab": "{n} 筆還沒上傳，而這裡是 Safari 分頁，久沒開會被清掉。請加到主畫面。",
} as const;
