/** Formats money, hours, shares and times in the browser's language, and counts characters as the API does. Pure. */

/**
 * How many decimals the amounts of one column need: none, or as many as cents or quarters of hours have.
 *
 * @param {number[]} values
 * @param {number} most
 */
export function decimals(values, most) {
  for (let digits = 0; digits < most; digits += 1) {
    if (values.every((value) => Number(value.toFixed(digits)) === value)) return digits;
  }
  return most;
}

/**
 * An amount in a currency.
 *
 * @param {number} amount
 * @param {string} currency
 * @param {number} digits after the point: 0, or 2 for cents
 */
export function money(amount, currency, digits) {
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(undefined, { ...form, style: "currency", currency }).format(amount);
  } catch {
    // Not a currency code that the browser takes.
    return `${new Intl.NumberFormat(undefined, form).format(amount)} ${currency}`;
  }
}

const UP_TO_TENTHS = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/**
 * @param {number} value
 * @param {number} [digits] after the point; up to one where it is not said
 */
export function number(value, digits) {
  if (digits === undefined) return UP_TO_TENTHS.format(value);
  return new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  );
}

const PERCENT = new Intl.NumberFormat(undefined, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** @param {number} share from 0 to 1 */
export function percent(share) {
  return PERCENT.format(share);
}

/**
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {string} timestamp */
export function clock(timestamp) {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? "" : CLOCK.format(date);
}

/** @param {string} timestamp */
export function moment(timestamp) {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? timestamp : MOMENT.format(date);
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** @param {string} date YYYY-MM-DD, which is the same day in every time zone */
export function day(date) {
  const parsed = new Date(date);
  return Number.isNaN(parsed.getTime()) ? date : DAY.format(parsed);
}

/**
 * How many characters the API counts: whole Unicode characters, not JavaScript's halves.
 *
 * @param {string} text
 */
export function characters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
