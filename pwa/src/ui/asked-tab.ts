/** A tab answers the finger one frame before its screen, which takes longer to draw. */
import { computed, signal } from "@preact/signals";
import { whenPainted } from "./idle";
import { follow, here, type Place } from "./location";

const asked = signal<{ readonly href: string; readonly from: Place } | null>(null);

/** The tab that was tapped, until its screen or any other is shown; null when none waits. */
export const askedTab = computed(() => (asked.value !== null && asked.value.from === here.value ? asked.value.href : null));

let callOff = (): void => undefined;

/** Marks the tab now, and goes to its screen after the next frame, unless the person went elsewhere in between. */
export function askFor(href: string): void {
  callOff();
  asked.value = { href, from: here.peek() };
  callOff = whenPainted(() => {
    if (askedTab.peek() === href) follow(href);
    asked.value = null;
  });
}
