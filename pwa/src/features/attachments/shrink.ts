/**
 * Makes a photo small enough for a slow link. The browser reads and writes the pictures on threads of its own; drawn anew,
 * a picture keeps its pixels and loses what the camera wrote beside them, the place where it was taken above all.
 */
import { fitted } from "./model";

const LONGEST = 1600;
const LONGEST_THUMB = 320;
const QUALITY = 0.8;
const QUALITY_THUMB = 0.7;
/** Beyond these a phone's memory is at stake. */
const MOST_PIXELS = 64_000_000;
export const MEDIA_TYPE = "image/jpeg";

export interface Shrunk {
  readonly whole: ArrayBuffer;
  readonly thumb: ArrayBuffer;
  readonly width: number;
  readonly height: number;
}

/** The file is no picture that this browser can show, or one too large to. */
export class UnreadablePhoto extends Error {}

/** Throws UnreadablePhoto. */
export async function shrink(file: Blob): Promise<Shrunk> {
  const url = URL.createObjectURL(file);
  try {
    const image = await opened(url);
    const size = fitted(image.naturalWidth, image.naturalHeight, LONGEST);
    const whole = drawn(image, size);
    const thumb = drawn(whole, fitted(size.width, size.height, LONGEST_THUMB));
    return { ...size, whole: await encoded(whole, QUALITY), thumb: await encoded(thumb, QUALITY_THUMB) };
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function opened(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  try {
    await loaded(image);
    // Told by the file's head, before anything takes four bytes a pixel.
    if (image.naturalWidth * image.naturalHeight > MOST_PIXELS) throw new Error("pixels");
    await image.decode();
  } catch (cause) {
    throw new UnreadablePhoto("decode", { cause });
  }
  return image;
}

const loaded = (image: HTMLImageElement): Promise<unknown> =>
  new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = reject;
  });

function drawn(image: CanvasImageSource, { width, height }: { width: number; height: number }): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  if (pen === null) throw new UnreadablePhoto("canvas");
  // What is see-through becomes white: JPEG knows no transparency.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0, width, height);
  return canvas;
}

async function encoded(canvas: HTMLCanvasElement, quality: number): Promise<ArrayBuffer> {
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, MEDIA_TYPE, quality));
  if (made === null) throw new UnreadablePhoto("encode");
  return made.arrayBuffer();
}
