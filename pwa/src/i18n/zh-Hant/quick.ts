/** Quick add: one line for a plan. Traditional Chinese, the source. */
export const quick = {
  "quick.title": "一句話加一件事",
  "quick.line": "一句話",
  "quick.example": "例：下週三 10點 拜訪王經理",
  "quick.whom": "找哪一位？",
  "quick.understood": "看懂的部分",
  "quick.strike": "不是「{words}」",
  "quick.person": "{person}・{company}",
  "quick.saved": "排好了：{day}",
  "quick.noSuchDay": "沒有「{words}」這一天，換個日期。",
  "quick.noSuchTime": "沒有「{words}」這個時間，換個時間。",
  "quick.over": "{day} 已經過去了，換個日期。",
} as const;
