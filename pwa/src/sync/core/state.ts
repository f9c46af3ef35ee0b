/** What a row remembers beyond its fields, so that a later merge can tell who has seen what (SPEC 5). */
import { type JsonObject, sortedKeys } from "./canonical";
import type { Stamp } from "./clock";
import type { Rev } from "./digest";

/**
 * One write of a group: who, and as which revision of the row and count of its aggregate.
 * An add-dot of a set element, a row's creation and its deletion are writes, too.
 */
export interface Write {
  readonly mutation: string;
  readonly person: string;
  readonly device: string;
  readonly seq: number;
  readonly stamp: Stamp;
  readonly rev: Rev;
  readonly agg: number;
}

/** A set field's elements with the adds that keep each alive. */
export type Dots = Readonly<Record<string, readonly Write[]>>;

/** A row: its fields (a null, an empty text or set is absent) and the writes behind them. */
export interface RowState {
  readonly rev: Rev;
  /** The aggregate's count at the row's last write. */
  readonly agg: number;
  readonly fields: JsonObject;
  readonly groups: Readonly<Record<string, Write>>;
  readonly created: Write;
  readonly dots: Readonly<Record<string, Dots>>;
  /** The delete that hides the row. */
  readonly deleted: Write | null;
}

type WriteJson = readonly [
  mutation: string, person: string, device: string, seq: number, stamp: Stamp, rev: Rev, agg: number,
];

/** A state with each write stored once, in `writes`, and named by its place there. */
export interface StateJson {
  readonly fields: JsonObject;
  readonly rev: Rev;
  readonly agg: number;
  readonly created: number;
  readonly deleted: number | null;
  readonly groups: Readonly<Record<string, number>>;
  readonly dots: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly writes: readonly WriteJson[];
}

/** The object with every value changed; keys come in the order of their bytes. */
export const mapValues = <A, B>(object: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(sortedKeys(object).map((key) => [key, change(object[key]!)]));

export function toJson(state: RowState): StateJson {
  const places = new Map<string, number>();
  const writes: WriteJson[] = [];
  const place = ({ mutation, person, device, seq, stamp, rev, agg }: Write): number => {
    const write: WriteJson = [mutation, person, device, seq, stamp, rev, agg];
    const key = JSON.stringify(write);
    if (!places.has(key)) places.set(key, writes.push(write) - 1);
    return places.get(key)!;
  };
  return {
    fields: state.fields,
    rev: state.rev,
    agg: state.agg,
    created: place(state.created),
    deleted: state.deleted && place(state.deleted),
    groups: mapValues(state.groups, place),
    dots: mapValues(state.dots, (dots) => mapValues(dots, (adds) => adds.map(place))),
    writes,
  };
}

const write = ([mutation, person, device, seq, stamp, rev, agg]: WriteJson): Write => ({
  mutation, person, device, seq, stamp, rev, agg,
});

/** Reads what `toJson` wrote, here or in the other language. */
export function fromJson(value: StateJson): RowState {
  const writes = value.writes.map(write);
  const at = (place: number): Write => writes[place]!;
  return {
    rev: value.rev,
    agg: value.agg,
    fields: value.fields,
    groups: mapValues(value.groups, at),
    created: at(value.created),
    dots: mapValues(value.dots, (dots) => mapValues(dots, (adds) => adds.map(at))),
    deleted: value.deleted === null ? null : at(value.deleted),
  };
}
