/** The product's mark: a cherry as one drop in two tones. Decorative unless `label` names it. */
export function CherryMark({ size = 24, label }: { size?: number; label?: string }): JSX.Element {
  const naming = label === undefined ? { "aria-hidden": true as const } : { role: "img", "aria-label": label };
  return (
    <svg className="cherry-mark" width={size} height={size} viewBox="0 0 32 32" focusable="false" {...naming}>
      <path fill="var(--mark-light)" d="M27.5 1.2C24.6 3.2 23 5.4 22.6 8.2 25.4 11 27 14.8 27 18.8A11.5 11.5 0 0 1 4 18.8C4 12.7 8.3 8.7 14 8c2.1-.3 4.3 0 6.2.6C21.3 5.4 23.8 2.6 27.5 1.2z" />
      <path fill="var(--mark-dark)" d="M22.6 8.2C25.4 11 27 14.8 27 18.8A11.5 11.5 0 0 1 15.5 30.3c-2.4 0-4.6-.7-6.4-1.9C18.5 26 22.5 17 20.2 8.6 21.3 5.4 23.8 2.6 27.5 1.2 24.6 3.2 23 5.4 22.6 8.2z" />
    </svg>
  );
}
