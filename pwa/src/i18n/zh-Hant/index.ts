/** What the first screens say in Traditional Chinese, the source. */
import { app } from "./app";
import { words } from "./words";
import { today } from "./today";
import { chip } from "./chip";
import { entering } from "./entering";

export const catalogue = { ...app, ...words, ...today, ...chip, ...entering };
