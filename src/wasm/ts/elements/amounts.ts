// Money and dates as a language writes them. Amounts stay whole minor units: only their digits are moved.

// A browser's own list follows custom instead of ISO 4217, and would show an Iraqi thousand as one.
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';
const FOUR_DECIMALS = 'CLF UYW';

/** Decimals of a currency's minor unit, as the engine has them. */
export function decimalsOf(currency: string): number {
  if (NO_DECIMALS.includes(currency)) return 0;
  if (THREE_DECIMALS.includes(currency)) return 3;
  return FOUR_DECIMALS.includes(currency) ? 4 : 2;
}

/** Minor units as a decimal numeral: 1250 -> "12.50". */
function numeral(minor: number, decimals: number): Intl.StringNumericLiteral {
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${minor < 0 ? '-' : ''}${whole}${part}` as Intl.StringNumericLiteral;
}

const formats = new Map<string, Intl.NumberFormat>();

/** An amount of minor units: `€12.50`, `12,50 €`. */
export function money(minor: number, currency: string, locale: string, decimals = decimalsOf(currency)): string {
  const key = `${locale} ${currency} ${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format.format(numeral(minor, decimals));
}
