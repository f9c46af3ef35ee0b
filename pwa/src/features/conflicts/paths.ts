/** Where the items that wait for this person are shown; apart from their lists, which Today does not need. */
export const needsYouPath = "/needs-you";
