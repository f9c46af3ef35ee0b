/**
 * Which room of the browser app may import which: each rule names one arrow that must not exist.
 * Tests and their `testing.ts` helpers are exempt, because a test may look into any room; the app may not use them.
 */
const rooms = {
  sync: [],
  i18n: [],
  store: ["sync"],
  ui: ["i18n"],
  transport: ["store", "sync"],
  features: ["store", "sync", "ui", "i18n"],
  "service-worker": ["transport", "store", "sync", "i18n"],
  app: ["features", "transport", "store", "sync", "ui", "i18n"],
};

const packages = {
  sync: ["@noble/hashes"],
  i18n: ["@preact/signals"],
  store: ["dexie", "preact", "@preact/signals"],
  ui: ["preact", "@preact/signals"],
  transport: ["@preact/signals"],
  features: ["preact", "@preact/signals"],
  "service-worker": ["workbox-[^/]+"],
  app: ["preact", "@preact/signals"],
};

const tests = "([.]test[.]tsx?|/testing[.]ts)$";
const inRoom = (room) => ({ path: `^src/${room}/`, pathNot: tests });

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports-only-lower-rooms`,
  severity: "error",
  from: inRoom(room),
  to: { path: "^src/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
}));

const packageRules = Object.entries(packages).map(([room, allowed]) => ({
  name: `${room}-uses-only-its-packages`,
  severity: "error",
  from: inRoom(room),
  to: { path: "(^|/)node_modules/", pathNot: `(^|/)node_modules/(${allowed.join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...packageRules,
    {
      name: "features-meet-only-by-queries-and-commands",
      severity: "error",
      from: { path: "^src/features/([^/]+)/", pathNot: tests },
      to: { path: "^src/features/", pathNot: "^src/features/($1/|[^/]+/(queries|commands)[.]tsx?$)" },
    },
    { name: "tests-stay-out-of-the-app", severity: "error", from: { pathNot: tests }, to: { path: tests } },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^virtual:" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "browser", "default", "types"] },
  },
};
