/** A signature as strokes: drawn on the screen while it is written, and as a small picture once it is accepted. */

export type Spot = readonly [x: number, y: number];
export type Stroke = readonly Spot[];

/** In parts of the pad's width: the same strokes on any screen. */
const PEN = 0.006;
/** Pixels across the picture that is kept. */
const WIDTH = 900;
const MEDIA_TYPE = "image/png";

/** Whether it is more than a touch by accident. */
export const isWritten = (strokes: readonly Stroke[]): boolean => strokes.reduce((sum, { length }) => sum + length, 0) > 8;

/** Draws strokes, whose places are parts of the width, onto an empty canvas of so many pixels. */
export function draw(canvas: HTMLCanvasElement, strokes: readonly Stroke[], ink: string, paper: string | null): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const { width, height } = canvas;
  pen.clearRect(0, 0, width, height);
  if (paper !== null) {
    pen.fillStyle = paper;
    pen.fillRect(0, 0, width, height);
  }
  Object.assign(pen, { strokeStyle: ink, lineWidth: PEN * width, lineCap: "round", lineJoin: "round" });
  for (const [first, ...others] of strokes) {
    if (first === undefined) continue;
    pen.beginPath();
    pen.moveTo(first[0] * width, first[1] * width);
    for (const [x, y] of others.length === 0 ? [first] : others) pen.lineTo(x * width, y * width);
    pen.stroke();
  }
}

export interface Signed {
  readonly bytes: ArrayBuffer;
  readonly mediaType: string;
}

/** The picture of a signature, black on white whatever the screen's colours are; `ratio` is the pad's height to its width. */
export async function pictureOf(strokes: readonly Stroke[], ratio: number): Promise<Signed> {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: Math.max(1, Math.round(WIDTH * ratio)) });
  draw(canvas, strokes, "#000", "#fff");
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, MEDIA_TYPE));
  if (made === null) throw new Error("The browser made no picture of the signature.");
  return { bytes: await made.arrayBuffer(), mediaType: MEDIA_TYPE };
}
