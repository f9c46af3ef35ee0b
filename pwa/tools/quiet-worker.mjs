/** Builds the service worker without a word unless something is wrong, and in the terms of the bundler that we have. */
export function quietWorker() {
  return {
    name: "quiet-worker",
    config: (config) => {
      const { output } = config.build.rollupOptions;
      // The plugin that builds the worker still asks for one file by the old name, at which the bundler warns.
      delete output.inlineDynamicImports;
      output.codeSplitting = false;
      return { logLevel: "warn" };
    },
  };
}
