/** Which devices are one author's past, so that nobody ever conflicts with themselves (SPEC 5.2). */

/** A device and its ancestors: `[device, last seq that it shares with its descendant]`. */
export interface Lineage {
  readonly device: string;
  readonly ancestors: readonly (readonly [device: string, last: number])[];
}

/** Whether a device's mutation belongs to this lineage. */
export const includes = (lineage: Lineage, device: string, seq: number): boolean =>
  device === lineage.device || lineage.ancestors.some(([name, last]) => device === name && seq <= last);

/** The lineage of a new device that shares this one's past up to a seq. */
export const fork = (lineage: Lineage, device: string, lastEqualSeq: number): Lineage => ({
  device,
  ancestors: [[lineage.device, lastEqualSeq], ...lineage.ancestors],
});

/** What came before the own device's mutation `seq`, which may be a replayed one. */
export const before = (lineage: Lineage, seq: number): Lineage => ({
  device: "",
  ancestors: [[lineage.device, seq - 1], ...lineage.ancestors],
});
