/** Under which name a half-filled log is kept. */
const DRAFT = "log:";

export const draftKey = (customerId: string): string => `${DRAFT}${customerId}`;

/** The customer that an unsaved log belongs to; null for other drafts. */
export const logDraftCustomer = (key: string): string | null => (key.startsWith(DRAFT) ? key.slice(DRAFT.length) : null);
