/** Builds the installable app into pwa/dist, and tells vitest where the tests are. */
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { errorsByLanguage } from "./tools/errors-by-language.mjs";
import { iconSprite } from "./tools/icon-sprite.mjs";
import { quietWorker } from "./tools/quiet-worker.mjs";

export default defineConfig({
  // The package's own door leads to its ES5 build, which is larger and does not speak the browser's own async.
  resolve: { alias: { dexie: "dexie/dist/modern/dexie.mjs" } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["es2022", "safari16.4"],
    // The content security policy allows neither inline scripts nor data: addresses for code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // One file for everything that the page imports before it runs: many small ones each cost a phone a request and compress badly.
      // What merely stands beside it behind a room's door stays with the screens that use it.
      // The sheets that write down what is done with a customer share most of their parts: one file of them all is fetched and compresses better.
      output: {
        codeSplitting: {
          groups: [
            { name: "first", tags: ["$initial"], includeDependenciesRecursively: false, priority: 2 },
            { name: "sheets", test: /src\/features\/(promises|interactions|touches|people)\//, includeDependenciesRecursively: false, priority: 1 },
          ],
        },
      },
    },
    // The built page records which files the first load fetches; the size gate reads it.
    manifest: "build-manifest.json",
  },
  plugins: [
    errorsByLanguage(),
    iconSprite(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/service-worker",
      filename: "sw.ts",
      injectRegister: false,
      registerType: "prompt",
      // One manifest per language lies in public/, all with the same id; the page names the one it needs.
      manifest: false,
      injectManifest: {
        globPatterns: ["**/*.{html,js,css,svg,png,webmanifest,woff2}"],
        // The way back from a broken worker is only ever served in its place.
        globIgnores: ["sw-off.js"],
        buildPlugins: { vite: [quietWorker()] },
      },
    }),
  ],
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "node",
  },
});
