/** Every icon of the app, drawn once per page; a screen refers to one by name. 24 px grid, round strokes, fills only in state marks. */
import type { JSX } from "preact";

const shapes = {
  back: (
    <>
      <path d="M15 5l-7 7 7 7"/>
    </>
  ),
  cal: (
    <>
      <path d="M4 6.5h16v13H4zM4 10.5h16M8 4v4M16 4v4"/>
    </>
  ),
  chat: (
    <>
      <path d="M4 5h16v11.5h-8.5L7 20.5v-4H4z"/>
    </>
  ),
  check: (
    <>
      <path d="M5 12.5l4.5 4.5L19 7.5"/>
    </>
  ),
  checks: (
    <>
      <path d="M2.5 12.5 7 17l9-9.5M11.5 16l1 1 9-9.5"/>
    </>
  ),
  cloud: (
    <>
      <path d="M7 18.5a4.3 4.3 0 0 1-.6-8.5A6 6 0 0 1 18 11a3.9 3.9 0 0 1-.5 7.5z"/>
    </>
  ),
  cloudoff: (
    <>
      <path d="M7.5 18.5H7a4.3 4.3 0 0 1-.6-8.5M9.5 6.4A6 6 0 0 1 18 11a3.9 3.9 0 0 1 2.3 6M4 4l16 16.5M10.5 18.5h6"/>
    </>
  ),
  cust: (
    <>
      <path d="M4 20V6l8-3v17M12 9h8v11M3 20h18M7.5 9h1M7.5 13h1M7.5 17h1M15.5 13h1M15.5 17h1"/>
    </>
  ),
  db: (
    <>
      <ellipse cx="12" cy="6" rx="7.5" ry="2.8"/><path d="M4.5 6v12c0 1.55 3.35 2.8 7.5 2.8s7.5-1.25 7.5-2.8V6M4.5 12c0 1.55 3.35 2.8 7.5 2.8s7.5-1.25 7.5-2.8"/>
    </>
  ),
  device: (
    <>
      <path d="M7.5 3h9v18h-9z"/><path d="M11 18h2"/>
    </>
  ),
  dl: (
    <>
      <path d="M12 4v11.5M7.5 11l4.5 4.5 4.5-4.5M5 20h14"/>
    </>
  ),
  doc: (
    <>
      <path d="M6 3h9l4 4v14H6z"/><path d="M15 3v4h4M9.5 12h6M9.5 16h4"/>
    </>
  ),
  done: (
    <>
      <circle cx="12" cy="12" r="8.5"/><path d="M8 12.3l2.7 2.7L16 9.5"/>
    </>
  ),
  down: (
    <>
      <path d="M5 9l7 7 7-7"/>
    </>
  ),
  flag: (
    <>
      <path d="M6 21V4M6 4.5h11l-2 4 2 4H6"/>
    </>
  ),
  globe: (
    <>
      <circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17"/>
    </>
  ),
  half: (
    <>
      <circle cx="12" cy="12" r="8.5"/><path d="M12 3.5a8.5 8.5 0 0 0 0 17z" fill="currentColor" stroke="none"/>
    </>
  ),
  hand: (
    <>
      <path d="M8 12V5.5a1.5 1.5 0 0 1 3 0V11M11 10.5V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v8.5a6 6 0 0 1-6 6c-3 0-4-1.5-6.5-6a1.4 1.4 0 0 1 2.3-1.6L8 14.5"/>
    </>
  ),
  hold: (
    <>
      <circle cx="12" cy="12" r="8.5"/><path d="M10 9v6M14 9v6"/>
    </>
  ),
  inbox: (
    <>
      <path d="M4 13 6.5 5h11L20 13v6H4z"/><path d="M4 13h5a3 3 0 0 0 6 0h5"/>
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="15.5" r="4.5"/><path d="M11.3 12.2 20 3.5M16 7.5l3 3"/>
    </>
  ),
  latef: (
    <>
      <circle cx="12" cy="12" r="9" fill="currentColor"/><path d="M12 7v6M12 16.6v.1" stroke="var(--surface)" stroke-width="2.25"/>
    </>
  ),
  list: (
    <>
      <path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"/>
    </>
  ),
  lock: (
    <>
      <path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />
    </>
  ),
  mail: (
    <>
      <path d="M3.5 6h17v12.5h-17z"/><path d="M4 7l8 6 8-6"/>
    </>
  ),
  me: (
    <>
      <circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>
    </>
  ),
  merge: (
    <>
      <path d="M6 4v4c0 3 6 3 6 7v5M18 4v4c0 3-6 3-6 7M9 17l3 3 3-3"/>
    </>
  ),
  mic: (
    <>
      <rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>
    </>
  ),
  more: (
    <>
      <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.75"/>
    </>
  ),
  nav: (
    <>
      <path d="M20.5 3.5 3.5 10.5l7 3 3 7z"/>
    </>
  ),
  need: (
    <>
      <path d="M8.3 3.5h7.4l4.8 4.8v7.4l-4.8 4.8H8.3l-4.8-4.8V8.3z"/><path d="M12 7.8v5M12 16v.1"/>
    </>
  ),
  open: (
    <>
      <path d="M14 5h5v5M19 5l-8 8M10 5H5v14h14v-5"/>
    </>
  ),
  out: (
    <>
      <path d="M14 4.5H5v15h9M10.5 12H20M16.5 8.5 20 12l-3.5 3.5"/>
    </>
  ),
  pen: (
    <>
      <path d="M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3.5 3L8.5 19z"/><path d="M14.5 6.5l3 3"/>
    </>
  ),
  pending: (
    <>
      <circle cx="12" cy="12" r="8.5"/><path d="M12 3.5V12h8.5"/>
    </>
  ),
  phone: (
    <>
      <path d="M5 3.5h4l1.5 5-2.3 1.6a13 13 0 0 0 5.7 5.7l1.6-2.3 5 1.5v4a1.8 1.8 0 0 1-2 1.8A16.5 16.5 0 0 1 3.2 5.5 1.8 1.8 0 0 1 5 3.5z"/>
    </>
  ),
  pin: (
    <>
      <path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z"/><circle cx="12" cy="10" r="2.3"/>
    </>
  ),
  plus: (
    <>
      <path d="M12 5v14M5 12h14"/>
    </>
  ),
  retry: (
    <>
      <path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4L20 9M20 4v5h-5"/>
    </>
  ),
  right: (
    <>
      <path d="M9 5l7 7-7 7"/>
    </>
  ),
  ring: (
    <>
      <circle cx="12" cy="12" r="8.5"/>
    </>
  ),
  search: (
    <>
      <circle cx="11" cy="11" r="6.5"/><path d="M16 16l4.5 4.5"/>
    </>
  ),
  shield: (
    <>
      <path d="M12 3.5l7.5 2.5v6c0 4.5-3.5 7.5-7.5 9-4-1.5-7.5-4.5-7.5-9V6z"/><path d="M8.8 12l2.3 2.3 4.2-4.3"/>
    </>
  ),
  sort: (
    <>
      <path d="M7 5v14M4 16l3 3 3-3M13 7h7M13 12h5M13 17h3"/>
    </>
  ),
  star: (
    <>
      <path d="M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8z"/>
    </>
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>
    </>
  ),
  swap: (
    <>
      <path d="M5 9h13M14.5 5.5 18 9l-3.5 3.5M19 15H6M9.5 11.5 6 15l3.5 3.5"/>
    </>
  ),
  text: (
    <>
      <path d="M3.5 18 8 7l4.5 11M5 14.5h6M14 18l3-7.5L20 18M15 15.8h4"/>
    </>
  ),
  today: (
    <>
      <path d="M4 6.5h16v13H4z"/><path d="M4 10.5h16M8 4v4M16 4v4M9 15l2 2 4-4"/>
    </>
  ),
  trash: (
    <>
      <path d="M5 7h14M10 4h4M7 7l1 13h8l1-13"/>
    </>
  ),
  undo: (
    <>
      <path d="M8.5 5 4 9.5 8.5 14M4 9.5h10a5.5 5.5 0 0 1 0 11H9"/>
    </>
  ),
  x: (
    <>
      <path d="M6 6l12 12M18 6 6 18"/>
    </>
  ),
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof shapes;

/** Stands once at the top of the page. */
export function IconSprite(): JSX.Element {
  return (
    <svg class="sprite" aria-hidden="true">
      <defs>
        {Object.entries(shapes).map(([name, shape]) => (
          <symbol key={name} id={`i-${name}`} viewBox="0 0 24 24">
            {shape}
          </symbol>
        ))}
      </defs>
    </svg>
  );
}

/** Decoration only: what it means stands beside it in words, or in its button's label. */
export function Icon({ name, size = "" }: { name: IconName; size?: "" | "s" | "xs" }): JSX.Element {
  return (
    <svg class={`i ${size}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <use href={`#i-${name}`} />
    </svg>
  );
}
