/** Where a line that was begun goes on. */
export const QUICK_ADD_DRAFT = "quick-add";
