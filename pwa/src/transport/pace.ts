/** How much to ask of a link at once: about ten seconds' worth, less after each failure (SPEC 8.2). */
import { MAX_PUSH_BYTES, MAX_PUSH_MUTATIONS } from "../sync/wire/push";

const TARGET_MS = 10_000;
const MIN_BYTES = 8 * 1024;
const MAX_ROWS = 5000;
const MIN_ROWS = 50;

const within = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, Math.round(value)));

/** The header line goes along. */
const MOST_BYTES = MAX_PUSH_BYTES - 1024;

/** Lives as long as the tab; a new tab feels its way again. */
export class PushPace {
  bytes = 64 * 1024;
  txns = MAX_PUSH_MUTATIONS;
  /** The last step: one txn that the server stores without looking inside (R9). */
  isRaw = false;
  private refusals = 0;

  get mutations(): number {
    return MAX_PUSH_MUTATIONS;
  }

  succeeded(bytes: number, ms: number): void {
    // Never more than twice at once: one lucky answer proves little.
    this.bytes = within(MIN_BYTES, Math.min((bytes / Math.max(ms, 1)) * TARGET_MS, this.bytes * 2), MOST_BYTES);
    this.txns = within(1, this.txns * 2, MAX_PUSH_MUTATIONS);
    this.isRaw = false;
    this.refusals = 0;
  }

  /** Too slow or too large. `sent` is how many txns went. */
  halve(sent: number): void {
    this.bytes = within(MIN_BYTES, this.bytes / 2, MOST_BYTES);
    this.txns = Math.max(1, Math.floor(sent / 2));
  }

  /**
   * After a 503. True = try again at once, raw: what fails three times alone fails because of itself, for the plain attempt
   * just before it failed while a raw one may pass. A server that is down refuses both, so nothing is parked by an outage.
   * `most`: how many failures prove it; more where a bad link may be to blame.
   */
  refused(sent: number, most = 3): boolean {
    if (this.isRaw) {
      this.isRaw = false;
      return false;
    }
    this.refusals += 1;
    if (this.refusals < most) return false;
    if (sent > 1) {
      this.refusals = 0;
      this.halve(sent);
      return false;
    }
    this.isRaw = true;
    return true;
  }
}

/** Rows to ask for in a page. */
export class PullPace {
  rows = 1000;

  succeeded(rows: number, ms: number): void {
    if (rows < this.rows / 2) return; // A short page says nothing about the link.
    this.rows = within(MIN_ROWS, Math.min((rows / Math.max(ms, 1)) * TARGET_MS, this.rows * 2), MAX_ROWS);
  }

  halve(): void {
    this.rows = within(MIN_ROWS, this.rows / 2, MAX_ROWS);
  }
}
