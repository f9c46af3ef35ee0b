/** Which requests the worker may answer: the shell for pages, and nothing that belongs to the server. */

/** Paths that only the server knows; a cached answer there would be a lie, or somebody's data on the disk. */
const SERVER = /^\/(auth|sync|features|health|metrics|openapi|reminders)([/.]|$)/;

/** Whether a navigation gets the app's shell. A path with a file's ending is a file, never a screen. */
export const opensShell = (mode: string, path: string): boolean =>
  mode === "navigate" && !SERVER.test(path) && !/\.[a-z0-9]+$/i.test(path);
