/** Days that are kept: birthdays, festivals, anniversaries. Simplified Chinese, in the mainland's own words. */
import type { Messages } from "../message";
import type { occasions as source } from "../zh-Hant/occasions";

export const occasions: Messages<typeof source> = {
  "occasion.title": "节日与纪念日",
  "occasion.own": "生日与纪念日",
  "occasion.none": "这几天没有要问候的日子。",
  "occasion.on": "{what}　{day}",
  "occasion.left": "还有 {n} 位",
  "occasion.more": "再看 {n} 位",
  "occasion.notYet": "还没问候",
  "occasion.greeted": "记下了，已问候",
  "occasion.greetedWhom": "{name} 已问候",
  "occasion.willDo": "{name}会处理",
  "occasion.done": "{name} {day} 已问候",
  "occasion.skipped": "{name} {day} 决定这次不用",
  "occasion.inDays": "还有 {n} 天",
  "occasion.birthday": "{name}生日",
  "occasion.years": "{label} {n} 周年",
  "occasion.add": "加纪念日",
  "occasion.born": "生日 {day}",
  "occasion.thisYear": "{what}，下次 {day}",
  "lunar.months": "正 二 三 四 五 六 七 八 九 十 冬 腊",
  "lunar.days": "初一 初二 初三 初四 初五 初六 初七 初八 初九 初十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 廿一 廿二 廿三 廿四 廿五 廿六 廿七 廿八 廿九 三十",
  "lunar.date": "农历{month}月{day}",
  "lunar.leapDate": "农历闰{month}月{day}",
};
