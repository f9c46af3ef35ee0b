/** Records a voice memo into a form: each second is on the disk at once, so a page that is killed loses the last one at most. */
import { signal } from "@preact/signals";
import type { Store } from "../../store";
import { bytesOf, keepBlob } from "../../store/blobs";
import { tryFlush } from "../../store/drafts";
import type { AddedFile } from "./file";

const SECOND_MS = 1000;
export const LONGEST_MS = 180_000;
const MOST_BYTES = 4_000_000;
/** Enough for speech: three minutes are 700 KB. */
const BITS_PER_SECOND = 32_000;
/** What browsers record and the server keeps, the smallest first. */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

/** A memo while it is recorded; it is part of the form's draft. */
export interface Take {
  readonly mediaType: string;
  readonly takenAt: number;
  /** The files of its seconds, in order. */
  readonly parts: readonly string[];
  readonly durationMs: number;
}

/** A form that takes memos, for as long as it or its draft exists. */
export interface VoiceForm {
  /** The key of its draft. */
  readonly key: string;
  /** Writes down how far the memo is. */
  readonly keep: (take: Take) => Promise<void>;
  /** The memo is whole, or, when null, none of it is left. */
  readonly done: (voice: AddedFile | null) => Promise<void>;
}

/** Why nothing can be recorded: not allowed, or there is no microphone. */
export class NoMicrophone extends Error {
  constructor(readonly reason: "refused" | "absent", options?: ErrorOptions) {
    super(reason, options);
  }
}

interface Live {
  readonly id: string;
  readonly stop: () => Promise<void>;
}

const live = signal<Live | null>(null);

const idOf = ({ person }: Store, { key }: VoiceForm): string => `${person} ${key}`;

const recordable = (): string | undefined => (typeof MediaRecorder === "undefined" ? undefined : TYPES.find((type) => MediaRecorder.isTypeSupported(type)));

export const canRecord = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined && recordable() !== undefined;

/** Whether a memo of this form is being recorded; a component that asks is drawn again when that changes. */
export const isRecording = (store: Store, form: VoiceForm): boolean => live.value?.id === idOf(store, form);

/** Resolves when it records. Throws NoMicrophone. What ends it before its time is told to whoever ends it, else to the page: EnqueueError `device_full`. */
export async function startRecording(store: Store, form: VoiceForm): Promise<void> {
  const type = recordable();
  if (live.peek() !== null || type === undefined) return;
  const stream = await microphone();
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  const began = performance.now();
  let take: Take = { mediaType: type.split(";")[0]!, takenAt: Date.now(), parts: [], durationMs: 0 };
  let size = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const stop = (): void => void (recorder.state !== "inactive" && recorder.stop());
  const keep = async (data: Blob): Promise<void> => {
    if (data.size === 0) return;
    const part = await keepBlob(store, await data.arrayBuffer(), take.mediaType);
    size += data.size;
    take = { ...take, parts: [...take.parts, part.sha256], durationMs: Math.min(LONGEST_MS, Math.round(performance.now() - began)) };
    await form.keep(take);
    await tryFlush(store);
    if (take.durationMs >= LONGEST_MS || size >= MOST_BYTES) stop();
  };
  let fault: unknown = null;
  recorder.ondataavailable = ({ data }) => {
    turn = turn.then(() => keep(data)).catch((error: unknown) => {
      fault ??= error;
      stop();
    });
  };
  const end = async (): Promise<void> => {
    await turn;
    await finish(store, form, take);
    if (fault !== null) throw fault;
  };
  const over = new Promise((resolve) => (recorder.onstop = resolve)).then(end).finally(() => {
    for (const track of stream.getTracks()) track.stop();
    live.value = null;
  });
  live.value = { id: idOf(store, form), stop: () => (stop(), over) };
  recorder.start(SECOND_MS);
}

async function microphone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (cause) {
    const isRefused = cause instanceof DOMException && ["NotAllowedError", "SecurityError"].includes(cause.name);
    throw new NoMicrophone(isRefused ? "refused" : "absent", { cause });
  }
}

const finishing = new Map<string, Promise<void>>();

/** Ends what is recorded into this form, or joins what a killed page left of it (`left`); resolves when it is in the form. */
export async function endRecording(store: Store, form: VoiceForm, left: () => Take | null): Promise<void> {
  const id = idOf(store, form);
  const now = live.peek();
  if (now?.id === id) return now.stop();
  const take = left();
  if (take === null) return;
  const joining = finishing.get(id) ?? finish(store, form, take).finally(() => finishing.delete(id));
  finishing.set(id, joining);
  await joining;
}

/** One file of all its seconds, up to the first that the browser took away. */
async function finish(store: Store, form: VoiceForm, { parts, mediaType, takenAt, durationMs }: Take): Promise<void> {
  const found = await Promise.all(parts.map((sha256) => bytesOf(store, sha256)));
  const lost = found.indexOf(undefined);
  const here = (lost < 0 ? found : found.slice(0, lost)) as ArrayBuffer[];
  if (here.length === 0) return form.done(null);
  const { sha256, size } = await keepBlob(store, await new Blob(here).arrayBuffer(), mediaType);
  const part = here.length / parts.length;
  await form.done({ kind: "voice", sha256, mediaType, size, takenAt, name: "", durationMs: Math.round(durationMs * part), signedHash: "" });
  await tryFlush(store);
}
