/** A check-in is judged by one point, how exact it is, and how far the nearest site was. */
import { expect, test } from "vitest";
import { distance, markOf, type Found } from "./place";

const found = (accuracyM: number | null, distanceM: number | null): Found => ({ latE7: 241_000_000, lonE7: 1_206_000_000, accuracyM, distanceM });

test("within 150 metres, or within how exact the point is, it was there", () => {
  const marks = [found(12, 0), found(12, 150), found(400, 400)].map(markOf);
  expect(marks.map(({ kind }) => kind)).toEqual(["verified", "verified", "verified"]);
});

test("beyond that it was elsewhere, and how far is said", () => {
  expect([found(12, 151), found(400, 401), found(500, 20_000_000)].map(markOf)).toEqual([151, 401, 20_000_000].map((distanceM) => ({ kind: "outside", distanceM })));
});

test("a point that is wildly inexact says neither, however near or far it seems", () => {
  expect([found(501, 0), found(100_000, 90_000)].map(markOf)).toEqual([501, 100_000].map((accuracyM) => ({ kind: "inexact", accuracyM })));
});

test("without a point, or without a site that has one, nothing is held against anybody", () => {
  const nothing: Found = { latE7: null, lonE7: null, accuracyM: null, distanceM: null };
  expect([nothing, found(null, 3), found(12, null)].map((each) => markOf(each).kind)).toEqual(["noPoint", "noPoint", "noSite"]);
});

test("distances are right to the metre, also over the date line, the pole and half the earth", () => {
  const point = (lat: number, lon: number) => ({ latE7: Math.round(lat * 1e7), lonE7: Math.round(lon * 1e7) });
  expect(distance(point(24.1, 120.6), point(24.1, 120.6))).toBe(0);
  // One minute of arc along a meridian of this sphere.
  expect(distance(point(24, 120), point(24 + 1 / 60, 120))).toBe(1853);
  expect(distance(point(0, 179.999), point(0, -179.999))).toBe(222);
  expect(distance(point(89.999, 0), point(89.999, 180))).toBe(222);
  expect(distance(point(0, 0), point(0, 180))).toBe(20_015_115);
});
