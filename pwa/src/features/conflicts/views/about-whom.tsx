/** Whom a sheet is about: tier and name, also of a customer who left this device. */
import type { JSX } from "preact";
import { CompanyName, Tier } from "../../../ui/index";
import { customerOf } from "../../customers/queries";
import { aboutWhom } from "../words";

export function AboutWhom({ customerId }: { customerId: string }): JSX.Element {
  const customer = customerOf(customerId);
  return (
    <p class="nexth">
      {customer !== null && <Tier tier={customer.tier} />}
      <CompanyName name={aboutWhom(customerId)} form={customer?.legalForm ?? null} />
    </p>
  );
}
