/** What the first screens say in Simplified Chinese. */
import { app } from "./app";
import { words } from "./words";
import { today } from "./today";
import { chip } from "./chip";
import { entering } from "./entering";

export const catalogue = { ...app, ...words, ...today, ...chip, ...entering };
