/** Addresses of the team's day and of one rep's. */
export const teamPath = "/team";
export const repDayPath = (pk: string): string => `${teamPath}/${pk}`;
