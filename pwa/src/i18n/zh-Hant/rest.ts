/** What all the other screens say in Traditional Chinese, the source. */
import { values } from "./values";
import { touches } from "./touches";
import { occasions } from "./occasions";
import { quick } from "./quick";
import { team } from "./team";
import { promises } from "./promises";
import { customers } from "./customers";
import { log } from "./log";
import { fields } from "./fields";
import { needs } from "./needs";
import { sync } from "./sync";
import { session } from "./session";
import { reminders } from "./reminders";

export const catalogue = { ...values, ...touches, ...promises, ...occasions, ...quick, ...team, ...customers, ...log, ...fields, ...needs, ...sync, ...session, ...reminders };
