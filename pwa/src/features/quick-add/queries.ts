/** What other features need of quick add. */
export { QUICK_ADD_DRAFT } from "./draft-key";
export { quickAddSheet } from "./sheets";
