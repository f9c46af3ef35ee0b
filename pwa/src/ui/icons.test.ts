/** Every icon that code may name is drawn, and none is drawn in vain. */
import { expect, test } from "vitest";
import code from "./icons.tsx?raw";
import sprite from "./icons.svg?raw";

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => String(name)).sort();

test("the names of the type are the ids of the sprite", () => {
  const names = found(code.slice(0, code.indexOf(";\n\n/** Decoration")), /\| "(\w+)"/g);
  expect(names.length).toBeGreaterThan(40);
  expect(found(sprite, / id="i-(\w+)"/g)).toEqual(names);
});

test("the sprite speaks nothing and needs no namespace inside a page", () => {
  expect(sprite).toMatch(/<svg class="sprite" aria-hidden="true">/);
  expect(sprite).not.toMatch(/https?:|style=|<script/);
});
