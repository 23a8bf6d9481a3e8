import { Cache } from "./Cache";
import { Kept } from "./Kept";
import { Servers } from "./Servers";
import { Tokens } from "./Tokens";

/** Tools that use this one, and tools that this one uses. */
export function Tools(): JSX.Element {
  return (
    <>
      <Tokens />
      <Servers />
      <Kept />
      <Cache />
    </>
  );
}
