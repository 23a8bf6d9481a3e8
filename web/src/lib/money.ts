const million = 1_000_000;

/** Millionths of a US dollar as money: two decimals, more for amounts that two would hide. */
export function sayMoney(micro: number): string {
  const dollars = Math.abs(micro) / million;
  const sign = micro < 0 ? "−" : "";
  if (dollars === 0) {
    return "$0";
  }
  if (dollars >= 1) {
    return `${sign}$${dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  }
  const decimals = dollars >= 0.01 ? 3 : Math.min(6, 1 - Math.floor(Math.log10(dollars)));
  return `${sign}$${dollars.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

/** Money for a column of small amounts: four decimals in each, so that they stand under each other. */
export function sayFineMoney(micro: number): string {
  const dollars = micro / million;
  if (dollars !== 0 && Math.abs(dollars) < 0.00005) {
    return "<\u2009$0.0001";
  }
  return dollars === 0 ? "$0" : `${dollars < 0 ? "−" : ""}$${Math.abs(dollars).toLocaleString("en-US", { minimumFractionDigits: 4, maximumFractionDigits: 4 })}`;
}

/** How the amounts of one column are said: with two decimals where these tell enough of each, else all with four. */
export function moneyColumn(amounts: readonly number[]): (micro: number) => string {
  return amounts.every((micro) => micro === 0 || Math.abs(micro) >= million) ? sayMoney : sayFineMoney;
}

/** What a person typed as dollars in millionths; `null` for nothing, `NaN` for what is no amount. */
export function readMoney(text: string): number | null {
  const trimmed = text.trim().replace(/^\$/, "").replace(/,(?=\d{1,2}$)/, ".").replaceAll(",", "");
  if (trimmed === "") {
    return null;
  }
  return /^\d{1,9}(\.\d{0,6})?$/.test(trimmed) ? Math.round(Number(trimmed) * million) : Number.NaN;
}

/** Millionths of a dollar as a person would type them. */
export function typedMoney(micro: number | undefined): string {
  return micro === undefined ? "" : String(micro / million);
}

/** A large count in few characters: 950, 12.3 K, 4.56 M. */
export function sayCount(count: number): string {
  const units = ["", "\u00a0K", "\u00a0M", "\u00a0G"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? String(Math.round(value)) : `${Number(value.toPrecision(3))}${units[unit] ?? ""}`;
}

/** A time that something took. */
export function sayDuration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}
