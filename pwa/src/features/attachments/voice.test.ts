/** Voice memos: each second on the disk at once, joined when they end, and found again after a killed page. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import catalogue from "../../../../config/catalogs/entities.json";
import { getChildren, makeCatalog, newId, openStore, saveDraft, type Store } from "../../store";
import { blobOf, bytesOf, keepBlob } from "../../store/blobs";
import { listDrafts } from "../../store/drafts";
import { emptyForm, type LogForm } from "../interactions/model";
import { saveLog } from "../interactions/save-log";
import { voiceForm } from "../interactions/use-log-form";
import { strikeOutFile } from "./commands";
import { filesByInteraction, lengthWords } from "./file";
import { canRecord, endRecording, isRecording, LONGEST_MS, NoMicrophone, startRecording, type VoiceForm } from "./recorder";

const customer = "c";
let store: Store;
let form: VoiceForm;
let now: number;
let recorder: FakeRecorder;
let tracks: { stop: ReturnType<typeof vi.fn> }[];

class FakeRecorder {
  static isTypeSupported = (type: string): boolean => type.startsWith("audio/webm");
  state = "inactive";
  ondataavailable = (_: { data: Blob }): void => undefined;
  onstop = (): void => undefined;

  constructor(readonly stream: unknown, readonly options: { mimeType: string }) {
    recorder = this;
  }

  start(): void {
    this.state = "recording";
  }

  say(...bytes: number[]): void {
    now += 1000;
    this.ondataavailable({ data: new Blob([new Uint8Array(bytes)]) });
  }

  stop(): void {
    this.state = "inactive";
    this.say(99);
    this.onstop();
  }
}

beforeEach(async () => {
  store = await openStore(newId(), makeCatalog(catalogue));
  form = voiceForm(store, customer, "visit");
  now = 0;
  tracks = [{ stop: vi.fn() }];
  vi.stubGlobal("MediaRecorder", FakeRecorder);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.resolve({ getTracks: () => tracks }) } });
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** As another page would read it. */
async function written(): Promise<LogForm | null> {
  const { value } = (await store.db.drafts.get(form.key)) ?? {};
  return (value as unknown as LogForm | undefined) ?? null;
}
const seconds = (count: number) => vi.waitFor(async () => expect((await written())?.recording?.parts).toHaveLength(count));
const left = () => null;

test("each second is in the draft on the disk as soon as it was said, and what ends it makes one file of them", async () => {
  await startRecording(store, form);
  expect(isRecording(store, form)).toBe(true);
  recorder.say(1, 2);
  await seconds(1);
  recorder.say(3);
  await seconds(2);
  await endRecording(store, form, left);
  const draft = await written();
  expect(draft).toMatchObject({ recording: null, files: [{ kind: "voice", mediaType: "audio/webm", size: 4, durationMs: 3000 }] });
  expect([...new Uint8Array((await bytesOf(store, draft!.files[0]!.sha256))!)]).toEqual([1, 2, 3, 99]);
  expect([isRecording(store, form), tracks[0]!.stop.mock.calls.length]).toEqual([false, 1]);
});

test("what a killed page recorded is joined when its form is opened again, once", async () => {
  const parts = await Promise.all([[1], [2, 3]].map(async (bytes) => (await keepBlob(store, new Uint8Array(bytes).buffer, "audio/webm")).sha256));
  const take = { mediaType: "audio/webm", takenAt: 1, parts, durationMs: 2000 };
  saveDraft(store, form.key, { ...emptyForm("visit", null, 1), recording: take } as never);
  await Promise.all([endRecording(store, form, () => take), endRecording(store, form, () => take)]);
  expect(await written()).toMatchObject({ recording: null, files: [{ size: 3, durationMs: 2000 }] });
});

test("seconds that the browser took away end it there; with none left there is no memo", async () => {
  const take = { mediaType: "audio/webm", takenAt: 1, parts: ["gone"], durationMs: 1000 };
  saveDraft(store, form.key, { ...emptyForm("visit", null, 1), recording: take } as never);
  await endRecording(store, form, () => take);
  await listDrafts(store);
  expect(await written()).toMatchObject({ recording: null, files: [] });
});

test("after three minutes it ends by itself", async () => {
  await startRecording(store, form);
  now = LONGEST_MS;
  recorder.say(1);
  await vi.waitFor(async () => expect((await written())?.files).toMatchObject([{ durationMs: LONGEST_MS }]));
});

test("on a full device it ends, what was kept stays, and who saves is told", async () => {
  await startRecording(store, form);
  recorder.say(1);
  await seconds(1);
  const put = vi.spyOn(store.db.bytes, "put").mockImplementation(() => Promise.reject(Object.assign(new Error("full"), { name: "QuotaExceededError" })) as never);
  recorder.say(2);
  await expect(endRecording(store, form, left)).rejects.toThrow("device_full");
  put.mockRestore();
  const { recording } = (await written())!;
  await endRecording(store, form, () => recording);
  expect((await written())?.files).toMatchObject([{ size: 1 }]);
});

test.each([["NotAllowedError", "refused"], ["NotFoundError", "absent"]])("%s is told as a microphone that is %s", async (name, reason) => {
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.reject(new DOMException("", name)) } });
  const error = await startRecording(store, form).catch((cause: unknown) => cause);
  expect([error instanceof NoMicrophone, (error as NoMicrophone).reason, isRecording(store, form)]).toEqual([true, reason, false]);
});

test("a browser without a recorder offers none", () => {
  expect(canRecord()).toBe(true);
  vi.stubGlobal("MediaRecorder", undefined);
  expect(canRecord()).toBe(false);
});

test("a saved visit names its memo, which is to be sent from then on; struck out it goes, and comes back", async () => {
  await startRecording(store, form);
  recorder.say(1);
  await endRecording(store, form, left);
  await saveLog(store, (await written())!, customer, null);
  const [log] = await getChildren(store, "interaction", customer);
  const memos = async () => filesByInteraction(await getChildren(store, "attachment", customer)).get(log!.pk) ?? [];
  const [memo] = await memos();
  expect([memo?.kind, memo?.durationMs, (await blobOf(store, memo!.sha256))?.state]).toEqual(["voice", 2000, "waiting"]);
  const undo = await strikeOutFile(store, memo!);
  expect(await memos()).toEqual([]);
  await undo();
  expect((await memos()).map(({ sha256 }) => sha256)).toEqual([memo!.sha256]);
});

test("lengths read as on a clock", () => {
  expect([0, 9_499, 59_600, 180_000].map(lengthWords)).toEqual(["0:00", "0:09", "1:00", "3:00"]);
});
