/** Applies many rows at once: everything held is read first, the core's rules decide in memory, then all is written. */
import { type Held, laterMarker, takesRemoval, takesUpsert } from "../sync/core/cursor";
import type { Database, Marker, MirrorRecord } from "./db";
import type { Rev } from "./types";

type Key = [entity: string, pk: string];

const nameOf = (entity: string, pk: string): string => `${entity}/${pk}`;

/** Use only inside a transaction over mirror and markers. */
export class Sheet {
  private readonly changed = new Map<string, Key>();

  private constructor(
    private readonly db: Database,
    private readonly gen: number,
    /** Leaves and deletes are remembered while a scope is on its way in. */
    private readonly isJoining: boolean,
    private readonly rows: Map<string, MirrorRecord>,
    private readonly markers: Map<string, Marker>,
  ) {}

  static async open(
    db: Database, rows: readonly { entity: string; pk: string }[], gen: number, isJoining: boolean,
  ): Promise<Sheet> {
    const keys = rows.map(({ entity, pk }): Key => [entity, pk]);
    const held = await db.mirror.bulkGet(keys);
    const markers = isJoining && (await db.markers.count()) > 0 ? await db.markers.bulkGet(keys) : [];
    return new Sheet(db, gen, isJoining, byName(held), byName(markers));
  }

  /** A page's row is the present; a snapshot's may be older than a leave that was seen meanwhile. */
  upsert(record: MirrorRecord, isSnapshot: boolean): void {
    const name = nameOf(record.entity, record.pk);
    const served = { rev: record.rev, generation: this.gen };
    const marker = this.markers.get(name)?.rev ?? null;
    if (!takesUpsert(this.held(name), marker, served, isSnapshot ? "chunk" : "page")) return;
    this.rows.set(name, { ...record, gen: this.gen });
    this.changed.set(name, [record.entity, record.pk]);
  }

  remove(entity: string, pk: string, rev: Rev): void {
    const name = nameOf(entity, pk);
    const held = this.held(name);
    if (held && takesRemoval(held, { rev, generation: this.gen })) {
      this.rows.delete(name);
      this.changed.set(name, [entity, pk]);
    }
    if (this.isJoining) this.markers.set(name, { entity, pk, rev: laterMarker(this.markers.get(name)?.rev ?? null, rev) });
  }

  async write(): Promise<void> {
    const gone = [...this.changed].filter(([name]) => !this.rows.has(name)).map(([, key]) => key);
    const kept = [...this.changed.keys()].flatMap((name) => this.rows.get(name) ?? []);
    await this.db.mirror.bulkDelete(gone);
    await this.db.mirror.bulkPut(kept);
    if (this.isJoining) await this.db.markers.bulkPut([...this.markers.values()]);
  }

  private held(name: string): Held | null {
    const row = this.rows.get(name);
    return row ? { rev: row.rev, generation: row.gen } : null;
  }
}

const byName = <T extends { entity: string; pk: string }>(found: (T | undefined)[]): Map<string, T> =>
  new Map(found.flatMap((one) => (one ? [[nameOf(one.entity, one.pk), one]] : [])));
