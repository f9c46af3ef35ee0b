/** Where somebody signs with a finger, a pen or a mouse. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../../i18n/index";
import { draw, type Spot, type Stroke } from "../ink";
import "./files.css";

interface SignaturePadProps {
  strokes: readonly Stroke[];
  /** All strokes so far, and the pad's height to its width. */
  onChange: (strokes: readonly Stroke[], ratio: number) => void;
  /** Shown, and not to be written on any more. */
  closed?: boolean;
}

export function SignaturePad({ strokes, onChange, closed = false }: SignaturePadProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const writing = useRef<Spot[] | null>(null);
  const redraw = (): void => {
    if (canvas.current === null) return;
    fit(canvas.current);
    draw(canvas.current, writing.current === null ? strokes : [...strokes, writing.current], getComputedStyle(canvas.current).color, null);
  };
  const latest = useRef(redraw);
  latest.current = redraw;
  useEffect(redraw);
  useEffect(() => {
    const watch = new ResizeObserver(() => latest.current());
    watch.observe(canvas.current!);
    return () => watch.disconnect();
  }, []);
  const begin = (event: PointerEvent): void => {
    if (closed || canvas.current === null) return;
    canvas.current.setPointerCapture(event.pointerId);
    writing.current = [spotOf(canvas.current, event)];
    redraw();
  };
  const go = (event: PointerEvent): void => {
    if (writing.current === null || canvas.current === null) return;
    writing.current.push(spotOf(canvas.current, event));
    redraw();
  };
  const end = (): void => {
    if (writing.current === null || canvas.current === null) return;
    const { clientWidth, clientHeight } = canvas.current;
    const all = [...strokes, writing.current];
    writing.current = null;
    onChange(all, clientHeight / clientWidth);
  };
  return <canvas ref={canvas} class="pad" role="img" aria-label={t("sign.here")} onPointerDown={begin} onPointerMove={go} onPointerUp={end} onPointerCancel={end} />;
}

function fit(canvas: HTMLCanvasElement): void {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.max(1, Math.round(size * devicePixelRatio)));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}

function spotOf(canvas: HTMLCanvasElement, { clientX, clientY }: PointerEvent): Spot {
  const { left, top, width } = canvas.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / width];
}
