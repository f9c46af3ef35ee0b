/* Puts theme, text size, hand and language on the page before anything is painted. It is a file of its own and runs before the
   styles apply, because the content security policy allows no inline script. `src/ui/look.ts` writes the record it reads. */
(function () {
  var root = document.documentElement;
  var look = {};
  try {
    look = JSON.parse(localStorage.getItem("baifang.look") || "{}") || {};
  } catch (error) {
    look = {};
  }
  var dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = !look.theme || look.theme === "auto" ? (dark ? "dark" : "light") : look.theme;
  root.dataset.size = look.size || "100";
  root.dataset.hand = look.hand || "right";
  var wanted = look.language ? [look.language] : navigator.languages || [navigator.language || ""];
  var language = "";
  for (var i = 0; i < wanted.length && language === ""; i += 1) {
    if (/^zh-(hans|cn|sg|my)/i.test(wanted[i])) language = "zh-Hans";
    else if (/^zh/i.test(wanted[i])) language = "zh-Hant";
    else if (/^en/i.test(wanted[i])) language = "en";
  }
  root.lang = language || "zh-Hant";
})();
