/** Puts the icons into the page itself: they are drawn with the first paint and cost no code. */
import { readFileSync } from "node:fs";

const SPRITE = new URL("../src/ui/icons.svg", import.meta.url);

export function iconSprite() {
  return {
    name: "icon-sprite",
    transformIndexHtml: (page) => page.replace("<!-- icons -->", readFileSync(SPRITE, "utf8").replace(/<!--.*?-->|\n\s*/g, "")),
  };
}
