/** The language that the page speaks, and how it writes. */

export const languages = {
  en: { name: 'English', locale: 'en-IE' },
  de: { name: 'Deutsch', locale: 'de' },
  tr: { name: 'Türkçe', locale: 'tr' },
  ro: { name: 'Română', locale: 'ro' },
  pl: { name: 'Polski', locale: 'pl' },
  ar: { name: 'العربية', locale: 'ar' },
} as const;

export type Language = keyof typeof languages;

export const isLanguage = (id: string): id is Language => Object.hasOwn(languages, id);

let spoken: Language = 'en';

export const language = () => spoken;
export const locale = (): string => languages[spoken].locale;
export const direction = () => (spoken === 'ar' ? 'rtl' : 'ltr');

export function setLanguage(id: Language): void {
  spoken = id;
}

const shelf = 'tern-and-kettle/language';

/** The language that was chosen on this device, otherwise the first of the reader's own that the shop speaks. */
export function wantedLanguage(): Language {
  try {
    const chosen = localStorage.getItem(shelf);
    if (chosen !== null && isLanguage(chosen)) return chosen;
  } catch {
    // then the reader's own it is
  }
  return navigator.languages.map((own) => own.split('-')[0]!.toLowerCase()).find(isLanguage) ?? 'en';
}

export function keepLanguage(id: Language): void {
  try {
    localStorage.setItem(shelf, id);
  } catch {
    // then it lasts as long as the page
  }
}
