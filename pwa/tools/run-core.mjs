/**
 * Runs the browser's sync core on cases from standard input, one JSON object a line, and answers each
 * with one line, so that a test in another language can compare the two cores.
 */
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

async function loadCore() {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: { ssr: "src/sync/index.ts", write: false, minify: false, target: "es2022" },
  }).then((result) => (Array.isArray(result) ? result[0] : result));
  const code = Buffer.from(output[0].code).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

const core = await loadCore();

const authorOf = ({ is_server, ...author }) => ({ ...author, isServer: is_server });

const outcomeOf = ({ state, isMerged, ...rest }) => ({
  ...rest,
  is_merged: isMerged,
  state: state && core.state.toJson(state),
});

/** Applies mutations one after another to a row; answers with every outcome. */
function merges({ spec, root: rootState, steps }) {
  const entity = core.policy.entitySpec(spec);
  const root = rootState && core.state.fromJson(rootState);
  let state = null;
  return steps.map(({ mutation, author }) => {
    const outcome = core.merge.merge(entity, state, core.mutation.fromJson(mutation), authorOf(author), { root });
    state = outcome.state;
    return outcomeOf(outcome);
  });
}

function overlaid({ spec, fields, mutations }) {
  return core.overlay.overlay(core.policy.entitySpec(spec), fields, mutations.map(core.mutation.fromJson));
}

/** The canonical text of some JSON bytes, or the code under which they are refused. */
function canonical({ base64 }) {
  try {
    return core.canonical.dumpText(core.canonical.loads(Buffer.from(base64, "base64")));
  } catch (error) {
    if (error instanceof core.canonical.CanonicalError) return { code: error.code };
    throw error;
  }
}

const runs = {
  merges,
  overlaid,
  canonical,
  merge3: ({ base, current, incoming }) => core.text.merge3(base, current, incoming),
  sameDay: ({ week, closed, opened, now_on, now_time }) =>
    core.business.dueBySameDayRule({ week, closed: new Set(closed), opened: new Map(Object.entries(opened)) }, now_on, now_time),
  window: ({ anchor_on, every_days, lead_days, not_before_on }) => core.window.nextWindow(anchor_on, every_days, lead_days, not_before_on),
  applying: ({ cadences, customer }) => core.cadence.applying(core.cadence.inPrecedence(cadences), customer).map(({ pk }) => pk),
  to_lunar: ({ solar_on }) => core.lunar.toLunar(solar_on),
  next_day: ({ from_on, ...yearly }) => core.occasion.nextDay(yearly, from_on),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { run, ...given } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(runs[run](given))}\n`);
}
