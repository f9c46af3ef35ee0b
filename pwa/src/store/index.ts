/** The door to the local database for features and the app's shell. */
export { watchAside } from "./aside";
export { MAX_JOURNAL } from "./journal";
export { makeCatalog, type Catalog } from "./catalog";
export { watchStatus } from "./counts";
export { type BlobRecord, type Draft } from "./db";
export { dropDraft, flushDrafts, guardDrafts, listDrafts, loadDraft, saveDraft } from "./drafts";
export { beginEdit } from "./editing";
export { exportOutbox } from "./export";
export { newId } from "./ids";
export { lightList, type LightList, type Project } from "./light";
export { useLive, watch } from "./live";
export { canStore, openStore } from "./open";
export { enqueue, enqueueAll, undo, type EnqueueOptions } from "./outbox";
export { currentPerson, keepPeople, knownPeople, recallPeople, UnsentError, type Unsent } from "./people";
export { allOf, getChildren, getRow, type Before } from "./queries";
export { keepReady, readMark, readReady } from "./ready";
export { status } from "./status";
export { sealedWork, type Sealed } from "./sealed";
export { waitingActs, waitingFiles, waitingItems, type WaitingAct, type WaitingItem } from "./waiting";
export { EnqueueError, type EnqueueCode } from "./errors";
export type {
  Change, Editing, Enqueued, Fields, ItemState, Op, Person, Rev, Row, StorageState, Store, SyncPhase, SyncStatus,
} from "./types";
