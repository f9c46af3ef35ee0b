/** Builds the installable app into pwa/dist, and tells vitest where the tests are. */
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

const manifest = {
  id: "/",
  name: "Baifang 拜訪",
  short_name: "拜訪",
  description: "離線也能用的業務拜訪 CRM",
  lang: "zh-Hant",
  start_url: "/",
  scope: "/",
  display: "standalone" as const,
  background_color: "#f3f4f2",
  theme_color: "#0a5c50",
  icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" as const }],
};

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["es2022", "safari16.4"],
    // The content security policy allows neither inline scripts nor data: addresses for code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The built page records which files the first load fetches; the size gate reads it.
    manifest: "build-manifest.json",
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/service-worker",
      filename: "sw.ts",
      injectRegister: false,
      registerType: "prompt",
      manifest,
      injectManifest: { globPatterns: ["**/*.{html,js,css,svg,png,webmanifest,woff2}"] },
    }),
  ],
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "node",
  },
});
