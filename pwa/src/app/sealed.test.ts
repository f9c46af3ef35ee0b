/** What is sealed on a device leaves by itself: one fault holds nobody else's up, and nothing is destroyed out of turn. */
import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { newId, type Person } from "../store";
import { destroyHere } from "../store/leaving";
import { leavePerson, rememberPerson } from "../store/people";
import { inTurn } from "../transport";
import { drain } from "../transport/drain";
import { watchSealed } from "./sealed";

vi.mock("../transport/drain", () => ({ drain: vi.fn() }));
vi.mock("../store/leaving", () => ({ destroyHere: vi.fn(async () => undefined) }));

const person = (): Person => ({ id: newId(), name: "林", role: "rep", loginName: "lin", locale: "zh-Hant", company: { name: "公司", zone: "Asia/Taipei" } });
const people = [person(), person()];
const reported: unknown[] = [];

beforeEach(() => {
  const memory = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => memory.set(key, value),
    removeItem: (key: string) => memory.delete(key),
  });
  vi.stubGlobal("addEventListener", vi.fn());
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  people.forEach(rememberPerson);
  leavePerson();
});

test("a fault with one person's work holds up neither the others' nor the next look", async () => {
  vi.mocked(drain).mockRejectedValueOnce(new Error("damaged")).mockResolvedValue("waiting");
  watchSealed();
  await vi.waitFor(() => expect(drain).toHaveBeenCalledTimes(2));
  expect(reported).toEqual([new Error("damaged")]);
  await vi.waitFor(() => expect(navigator.locks.query().then(({ held }) => held)).resolves.toEqual([]));
  watchSealed();
  await vi.waitFor(() => expect(drain).toHaveBeenCalledTimes(4), { timeout: 5000 });
});

test("nothing is destroyed of who signed in meanwhile, though another tab took the turn over", async () => {
  vi.mocked(destroyHere).mockClear();
  vi.mocked(drain).mockClear().mockImplementation(async ({ person: id }) => {
    rememberPerson(people.find((one) => one.id === id)!);
    return "done";
  });
  watchSealed();
  await vi.waitFor(() => expect(drain).toHaveBeenCalledTimes(2), { timeout: 5000 });
  await vi.waitFor(() => expect(navigator.locks.query().then(({ held }) => held)).resolves.toEqual([]));
  expect(destroyHere).not.toHaveBeenCalled();
});

test("what is needed no more is destroyed while nobody else can have the turn", async () => {
  const others: boolean[] = [];
  vi.mocked(drain).mockResolvedValue("done");
  vi.mocked(destroyHere).mockImplementation(async () => void others.push(await inTurn(async () => undefined)));
  watchSealed();
  await vi.waitFor(() => expect(others).toEqual([false, false]), { timeout: 5000 });
});
