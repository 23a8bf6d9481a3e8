import { assessPassphrase, weaknessReasons } from "../lib/passphrase";

const words = ["", "Too weak", "Fair", "Good", "Strong"] as const;

/** How hard a passphrase is to guess, and why it is refused. */
export function StrengthMeter({ passphrase }: { passphrase: string }): JSX.Element {
  const { score, weaknesses } = assessPassphrase(passphrase);
  return (
    <div className="strength">
      <div className={`strength-bar score-${score}`} role="meter" aria-label="Strength" aria-valuemin={0} aria-valuemax={4} aria-valuenow={score} aria-valuetext={words[score]}>
        <i /><i /><i /><i />
      </div>
      <p className="small muted" role="status">{passphrase === "" ? "Four or more unrelated words make a good one." : weaknesses.length === 0 ? words[score] : weaknesses.map((each) => weaknessReasons[each]).join(" ")}</p>
    </div>
  );
}
