import { Aliases } from "./Aliases";
import { Prices } from "./Prices";

/** Names that stand for models, and what models cost. */
export function Models(): JSX.Element {
  return (
    <>
      <Aliases />
      <Prices />
    </>
  );
}
