/** Keeps answers as long as what they were made from, so that of thousands only the one that changed is worked out anew. */

/** The same function, which remembers its last answer about each `key` object for as long as that object is in use. */
export function memo<K extends object, A extends readonly unknown[], V>(make: (key: K, ...rest: A) => V): (key: K, ...rest: A) => V {
  const kept = new WeakMap<K, { readonly rest: A; readonly value: V }>();
  return (key, ...rest) => {
    const found = kept.get(key);
    if (found !== undefined && found.rest.every((each, at) => Object.is(each, rest[at]))) return found.value;
    const value = make(key, ...rest);
    kept.set(key, { rest, value });
    return value;
  };
}
