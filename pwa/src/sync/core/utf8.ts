/** Text and bytes: the protocol compares strings as UTF-8, while the language compares UTF-16 units. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const toBytes = (text: string): Uint8Array => encoder.encode(text);

/** Throws TypeError on bytes that are not UTF-8. A byte order mark stays, so that a parser refuses it. */
export const fromBytes = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Moves surrogates above every other unit, which is where their code points sort in UTF-8. */
const rank = (unit: number): number =>
  unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;

/** Negative, zero or positive, as the UTF-8 bytes of `a` sort before, with or after those of `b`. */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}
