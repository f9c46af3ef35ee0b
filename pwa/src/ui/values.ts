/** Reads values out of rows whose fields are known only by name: what is missing or of another type counts as empty. */

type Fields = Readonly<Record<string, unknown>>;

export const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value : "";
};

export const integer = (fields: Fields, name: string): number | null => {
  const value = fields[name];
  return typeof value === "number" ? value : null;
};

export const flag = (fields: Fields, name: string): boolean => fields[name] === true;

export const strings = (fields: Fields, name: string): string[] => {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
};
