/** New ids, made where chance and time are at hand; the core is given both. */
import { uuid7 } from "../sync/core/ids";

export const newId = (): string => uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
