/** Every message in English. */
import { app } from "./app";
import { words } from "./words";
import { touches } from "./touches";
import { customers } from "./customers";
import { log } from "./log";
import { fields } from "./fields";
import { needs } from "./needs";
import { sync } from "./sync";
import { session } from "./session";

export const catalogue = { ...app, ...words, ...touches, ...customers, ...log, ...fields, ...needs, ...sync, ...session };
