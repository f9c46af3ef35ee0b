/** What a person may ask of sync: try again now, and take the new version. Handing over the unsent work is download.ts. */

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
