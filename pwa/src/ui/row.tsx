/** One row of a list: what it is, its state with the reason, and at most one act. The whole row is the link. */
import type { ComponentChildren, JSX } from "preact";

interface RowProps {
  lead?: ComponentChildren;
  /** First line; inside the link, so it is also the link's name. */
  title: ComponentChildren;
  second?: ComponentChildren;
  /** At most one. */
  action?: ComponentChildren;
  href?: string;
  onClick?: () => void;
  current?: boolean;
}

export function Row({ lead, title, second, action, href, onClick, current = false }: RowProps): JSX.Element {
  return (
    <div class="row" {...(current ? { "aria-current": "true" } : {})}>
      {lead}
      <div class="tx">
        {titleOf(title, href, onClick)}
        {second !== undefined && <p class="l2">{second}</p>}
      </div>
      {action}
    </div>
  );
}

function titleOf(title: ComponentChildren, href: string | undefined, onClick: (() => void) | undefined): JSX.Element {
  if (href !== undefined) return <a class="go l1" href={href}>{title}</a>;
  if (onClick !== undefined) return <button type="button" class="go l1" onClick={onClick}>{title}</button>;
  return <p class="l1">{title}</p>;
}
