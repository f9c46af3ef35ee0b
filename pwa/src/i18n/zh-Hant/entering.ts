/** Signing in, what is sealed on a device, and the first download. Traditional Chinese, the source. */
export const entering = {
  "signIn.login": "帳號",
  "signIn.password": "密碼",
  "signIn.enter": "登入",
  "signIn.busy": "登入中",
  "signIn.hint": "只有登入需要網路，之後離線也能用。",
  "signIn.offline": "連不到公司。請確認網路後再試。",
  "signIn.known": "用過這台裝置的人",
  "signIn.expired": "登入過期了。資料都在，輸入密碼就會繼續上傳。",
  "sealed.barred": "{name} 在這台裝置的使用權已被取消。",
  "sealed.unsent": "還有 {n} 筆沒送到{company}，連上網路就會自己送出。",
  "sealed.sent": "{n} 筆已送到{company}。",
  "sealed.nothing": "沒有未送的資料。",
  "download.title": "第一次下載，已有 {n} 筆",
  "download.waiting": "等網路，已有 {n} 筆",
  "download.nothingYet": "客戶馬上就來，可以先看看。",
  "download.usable": "{n} 家客戶已經可以看、可以記錄。",
} as const;
