/** Two phones of one kind: which of them was lost must be told from the list. */
import { expect, test } from "vitest";
import { toldApart, type Device } from "./model";

const device = (id: string, name: string, signedInAt: number): Device => ({ id, name, signedInAt, lastSeenAt: 9, isCurrent: false });

test("devices of one kind are numbered as they signed in, one of its kind keeps its name", () => {
  const names = toldApart([device("new", "iPhone Safari", 3), device("pc", "Windows Edge", 2), device("old", "iPhone Safari", 1)]);
  expect(Object.fromEntries(names)).toEqual({ old: "iPhone Safari 1", new: "iPhone Safari 2", pc: "Windows Edge" });
});
