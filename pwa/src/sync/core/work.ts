/** One merge in progress: what it was given, and copies of what it changes (SPEC 5). */
import type { Json, JsonObject } from "./canonical";
import type { Stamp } from "./clock";
import { type Candidate, type ConflictEvent, type Current, type Kind, candidateOf } from "./conflict";
import { type Rev, compareRevs } from "./digest";
import type { Lineage } from "./lineage";
import type { Mutation } from "./mutation";
import type { EntitySpec } from "./policy";
import type { Dots, RowState, Write } from "./state";

/** Who sent a mutation, its effective stamp, and the epoch that the server is in. */
export interface Author {
  readonly person: string;
  readonly device: string;
  readonly seq: number;
  readonly lineage: Lineage;
  readonly effective: Stamp;
  readonly epoch: number;
  /** Allows writes of server fields. */
  readonly isServer?: boolean;
}

/** A row of the aggregate that a delete of its root would hide. */
export interface AggregateRow {
  readonly spec: EntitySpec;
  readonly pk: string;
  readonly state: RowState;
}

/** The revision that counts as seen: none for create, none of a lost timeline (R2). */
function seenBy(before: RowState | null, { seen_rev, op }: Mutation): Rev | null {
  if (!before || !seen_rev || op === "create" || compareRevs(seen_rev, before.rev) > 0) return null;
  return seen_rev;
}

function writeOf(before: RowState | null, mutation: Mutation, author: Author, agg: number | null): Write {
  const { person, device, seq, effective, epoch } = author;
  return {
    mutation: mutation.id,
    person,
    device,
    seq,
    stamp: effective,
    rev: before ? [Math.max(epoch, before.rev[0]), before.rev[1] + 1] : [epoch, 1],
    agg: agg ?? (before?.agg ?? 0) + 1,
  };
}

/** The working copy; `write` is how the mutation will be remembered where it applies. */
export class Work {
  readonly seen: Rev | null;
  readonly write: Write;
  readonly fields: Map<string, Json>;
  readonly groups: Map<string, Write>;
  readonly dots: Map<string, Dots>;
  deleted: Write | null;
  changed: string[] = [];
  conflicts: ConflictEvent[] = [];
  isMerged = false;

  constructor(
    readonly spec: EntitySpec,
    readonly before: RowState | null,
    readonly mutation: Mutation,
    readonly author: Author,
    agg: number | null,
  ) {
    this.seen = seenBy(before, mutation);
    this.write = writeOf(before, mutation, author, agg);
    this.fields = new Map(Object.entries(before?.fields ?? {}));
    this.groups = new Map(Object.entries(before?.groups ?? {}));
    this.dots = new Map(Object.entries(before?.dots ?? {}));
    this.deleted = before?.deleted ?? null;
  }

  /** Stores a value; null, and an empty text or set, is stored by absence. */
  put(name: string, value: Json): void {
    if (value === null) this.fields.delete(name);
    else this.fields.set(name, value);
  }

  /** Notes that the mutation wrote a group. */
  mark(group: string): void {
    this.groups.set(group, this.write);
    this.changed.push(group);
  }

  /** The values that the mutation brings for a group. */
  own(names: readonly string[]): JsonObject {
    return Object.fromEntries(names.map((name) => [name, this.mutation.patch[name] ?? null]));
  }

  /** The row's values of a group. */
  held(names: readonly string[]): JsonObject {
    return Object.fromEntries(names.map((name) => [name, this.fields.get(name) ?? null]));
  }

  /** The mutation's side of a conflict; its base is null when it carries none. */
  ownCandidate(names: readonly string[]): Candidate {
    const { base } = this.mutation;
    const known = Object.fromEntries(names.map((name) => [name, base[name] ?? null]));
    return candidateOf(this.write, this.own(names), Object.keys(base).length > 0 ? known : null);
  }

  /** Notes a conflict of this row, or of another: its entity, pk and revision. */
  clash(
    kind: Kind,
    group: string,
    current: Current,
    candidates: readonly Candidate[],
    row = { entity: this.spec.name, pk: this.mutation.pk, rev: this.write.rev },
  ): void {
    this.isMerged = true;
    const { lineage } = this.author;
    this.conflicts.push({ kind, ...row, group, mutation: this.mutation.id, lineage, current, candidates });
  }
}
