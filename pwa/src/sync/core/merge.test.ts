import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, type JsonObject, dumpText } from "./canonical";
import { merge } from "./merge";
import type { Mutation, Op } from "./mutation";
import { overlay } from "./overlay";
import { entitySpec } from "./policy";
import { type RowState, type StateJson, fromJson, toJson } from "./state";
import type { Author } from "./work";

const SPEC = entitySpec({
  name: "customer",
  root: null,
  append: false,
  fields: {
    name: { policy: "register" },
    terms: { policy: "ask", group: "payment" },
    limit: { policy: "ask", group: "payment" },
    notes: { policy: "text" },
    tags: { policy: "set" },
    visits: { policy: "counter" },
  },
  server_fields: [],
  references: [],
  invariants: [],
});

interface Step {
  readonly mutation: Mutation;
  readonly author: Author;
}

let minted = 0;
const step = (device: string, seq: number, patch: JsonObject, more: Partial<Mutation> = {}, stamp = seq): Step => ({
  mutation: {
    id: `m${++minted}`, entity: "customer", pk: "c1", op: "patch" as Op, seen_rev: [1, 1], base: {}, patch,
    hlc: [stamp, 0], schema: 1, after: [], ...more,
  },
  author: {
    person: `p-${device}`, device, seq, lineage: { device, ancestors: [] }, effective: [stamp, 0], epoch: 1,
  },
});

const play = (steps: readonly Step[], from: RowState | null = START) => {
  let state = from;
  const outcomes = steps.map(({ mutation, author }) => {
    const outcome = merge(SPEC, state, mutation, author);
    state = outcome.state;
    return outcome;
  });
  return { state: state!, outcomes };
};

const CREATE = step("z", 1, { name: "大同", notes: "一\n", tags: { add: ["茶"] } }, { op: "create", seen_rev: null }, 0);
const START: RowState = merge(SPEC, null, CREATE.mutation, CREATE.author).state!;

const element = fc.constantFrom("茶", "咖啡", "重點");
const setPatch = fc.record({ add: fc.array(element, { maxLength: 2 }), remove: fc.array(element, { maxLength: 2 }) });
const word = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("甲", "乙", "a", "b") });
const patch: fc.Arbitrary<JsonObject> = fc.oneof(
  setPatch.map((tags) => ({ tags })),
  fc.integer({ min: -3, max: 3 }).map((add) => ({ visits: { add } })),
  word.map((name) => ({ name })),
  fc.tuple(word, fc.nat(9)).map(([terms, limit]) => ({ terms, limit })),
);
/** One unseen write from each of several devices, in some order. */
const unseen = fc.array(fc.tuple(patch, fc.integer({ min: 1, max: 4 })), { maxLength: 6 }).map((all) =>
  all.map(([one, stamp], at) => step(`d${at}`, 1, one, {}, stamp)),
);

/** A write of one's own, done offline: nothing of it was seen by the server. */
const offline = fc.array(patch, { maxLength: 6 }).map((all) => all.map((one, at) => step("mine", at + 1, one)));

describe("merging", () => {
  it("gives sets, counters and registers the same values in any order", () => {
    fc.assert(
      fc.property(unseen, fc.infiniteStream(fc.nat()), (steps, keys) => {
        const shuffled = steps.map((one) => [keys.next().value!, one] as const).sort(([a], [b]) => a - b).map(([, one]) => one);
        for (const name of ["tags", "visits", "name"]) {
          expect(play(shuffled).state.fields[name]).toEqual(play(steps).state.fields[name]);
        }
      }),
    );
  });

  it("keeps every typed value in the row or in a conflict", () => {
    fc.assert(
      fc.property(unseen, (steps) => {
        const { state, outcomes } = play(steps);
        const kept = dumpText([state.fields, outcomes.map(({ conflicts }) => conflicts.map(({ current, candidates }) => [current.value, ...candidates.map(({ value }) => value)]))] as unknown as Json);
        for (const { mutation } of steps) {
          const { name, terms } = mutation.patch;
          if (name) expect(kept).toContain(dumpText({ name }).slice(1, -1));
          if (terms) expect(kept).toContain(dumpText({ terms }).slice(1, -1));
        }
      }),
    );
  });

  it("never lets a device conflict with itself", () => {
    fc.assert(
      fc.property(offline, (steps) => {
        expect(play(steps).outcomes.flatMap(({ conflicts }) => conflicts)).toEqual([]);
      }),
    );
  });

  it("counts revisions up by one, and only for what changed something", () => {
    fc.assert(
      fc.property(unseen, (steps) => {
        let before = START;
        for (const { state, changed, conflicts } of play(steps).outcomes) {
          const moved = changed.length + conflicts.length > 0;
          expect(state!.rev).toEqual([1, before.rev[1] + (moved ? 1 : 0)]);
          if (!moved) expect(state).toBe(before);
          before = state!;
        }
      }),
    );
  });

  it("keeps the value of an ask that came first, whatever the stamps", () => {
    const write = fc.tuple(word, fc.nat(4));
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 5 }), (writes) => {
        const steps = writes.map(([terms, stamp], at) => step(`d${at}`, 1, { terms, limit: 1 }, {}, stamp));
        const { state, outcomes } = play(steps);
        const first = writes[0]![0];
        expect(state.fields["terms"]).toBe(first);
        const waiting = outcomes.map(({ conflicts }) => conflicts.map(({ candidates }) => candidates[0]!.value));
        expect(waiting).toEqual(writes.map(([terms]) => (terms === first ? [] : [{ terms, limit: 1 }])));
      }),
    );
  });

  it("gives a state that survives its stored form", () => {
    fc.assert(
      fc.property(unseen, (steps) => {
        const { state } = play(steps);
        expect(fromJson(JSON.parse(dumpText(toJson(state))) as StateJson)).toEqual(state);
      }),
    );
  });

  it("keeps the same of an edit and a delete in both orders", () => {
    const edit = step("a", 1, { name: "新" });
    const removal = step("b", 1, {}, { op: "delete", seen_agg: 1 }, 9);
    for (const { state, outcomes } of [play([edit, removal]), play([removal, edit])]) {
      expect(state.deleted?.mutation).toBe(removal.mutation.id);
      expect(state.fields["name"]).toBe("新");
      const [event] = outcomes.flatMap(({ conflicts }) => conflicts);
      expect(event?.candidates[0]?.value).toEqual({ entity: "customer", pk: "c1", fields: { name: "新" } });
    }
  });

  it("changes nothing of the state it was given", () => {
    fc.assert(
      fc.property(unseen, (steps) => {
        const before = dumpText(toJson(START));
        play(steps);
        expect(dumpText(toJson(START))).toBe(before);
      }),
    );
  });

  it("gives what the screen showed when nobody else wrote", () => {
    fc.assert(
      fc.property(offline, (steps) => {
        const [shown] = overlay(SPEC, START.fields, steps.map(({ mutation }) => mutation));
        expect(shown).toEqual(play(steps).state.fields);
      }),
    );
  });

  it("parks a group of which a part is missing, and leaves the row", () => {
    const { state, outcomes } = play([step("a", 1, { limit: 3 })]);
    expect(outcomes[0]!.park).toEqual({ code: "group_incomplete", fields: ["terms"], params: {} });
    expect(state).toBe(START);
  });

  it("keeps both paragraphs when one device edits twice offline and another once", () => {
    const mine = [
      step("mine", 1, { notes: "一\n二\n" }, { base: { notes: "一\n" } }),
      step("mine", 2, { notes: "一\n二\n三\n" }, { base: { notes: "一\n二\n" } }),
    ];
    const theirs = step("other", 1, { notes: "零\n一\n" }, { base: { notes: "一\n" } });
    expect(play([theirs, ...mine]).state.fields["notes"]).toBe("零\n一\n二\n三\n");
    expect(play([mine[0]!, theirs, mine[1]!]).state.fields["notes"]).toBe("零\n一\n二\n三\n");
  });

  it("leaves a later add of the same device when a remove is replayed after it", () => {
    const [removal, addition] = [step("mine", 5, { tags: { remove: ["茶"] } }), step("mine", 7, { tags: { add: ["茶"] } })];
    expect(play([addition, removal]).state.fields["tags"]).toEqual(["茶"]);
    expect(play([removal, addition]).state.fields["tags"]).toEqual(["茶"]);
  });
});
