/** What a person may ask of sync: try again now, and hand over the unsent work as a file. */
import { exportOutbox, type Store } from "../../store";

export interface SyncPort {
  /** Starts a pass at once, whatever the pace says. */
  retry(): void;
  /** Lets the waiting version take over; the page then loads once more. */
  update(): void;
}

let port: SyncPort | null = null;

/** Called by the composition root; null while nobody is signed in. */
export function connectSync(to: SyncPort | null): void {
  port = to;
}

export function retryNow(): void {
  port?.retry();
}

export function takeUpdate(): void {
  port?.update();
}

/** Saves everything unsent as a file of the person's own. */
export async function downloadUnsent(store: Store): Promise<void> {
  const { name, file } = await exportOutbox(store);
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the file by then; revoking in the same task would cancel it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
