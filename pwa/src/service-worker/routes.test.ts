import { expect, test } from "vitest";
import { opensShell } from "./routes";

test("every screen opens from the shell", () => {
  for (const path of ["/", "/customers", "/customers/0191", "/synchronised"]) expect(opensShell("navigate", path)).toBe(true);
});

test("the worker never answers for the server, nor for files", () => {
  for (const path of ["/sync/v1/pull", "/reminders/v1/push", "/sync", "/auth/v1/session", "/health", "/openapi.json", "/sw.js", "/icons/512.png"]) {
    expect(opensShell("navigate", path)).toBe(false);
  }
});

test("only navigations get the shell: data is always asked of the server", () => {
  expect(opensShell("cors", "/customers")).toBe(false);
  expect(opensShell("same-origin", "/")).toBe(false);
});
