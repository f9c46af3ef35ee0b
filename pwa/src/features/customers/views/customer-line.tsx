/** One line of a list about a customer: how urgent, whose, when, why, and one act. */
import type { ComponentChildren, JSX } from "preact";
import { CompanyName, Row, SavedMark, Sign, Tier, type SavedState, type Urgency } from "../../../ui/index";
import type { CustomerLight } from "../model";

interface CustomerLineProps {
  customer: CustomerLight;
  urgency: Urgency;
  href: string;
  when: string;
  why: string;
  /** Where it is saved, told unless that is the server. */
  state: SavedState;
  action: ComponentChildren;
}

export function CustomerLine({ customer: { tier, name, legalForm }, urgency, href, when, why, state, action }: CustomerLineProps): JSX.Element {
  return (
    <Row
      lead={<Sign urgency={urgency} />}
      href={href}
      title={
        <>
          <Tier tier={tier} />
          <CompanyName name={name} form={legalForm} />
        </>
      }
      second={
        <>
          <b class={urgency}>{when}</b>
          <span>{why}</span>
          {state !== "server" && <SavedMark state={state} />}
        </>
      }
      action={action}
    />
  );
}
