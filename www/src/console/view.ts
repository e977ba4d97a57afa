import type { Markup } from '../html';

/** What a view hears of: a click on what has `data-act`, a form that is sent, a field that is changed. */
export type Act = (data: Readonly<Record<string, string | undefined>>, form: FormData) => void | Promise<void>;

/** One page of the console. */
export interface View {
  title: string;
  /** The page as it stands now. */
  draw(): Markup;
  acts?: Readonly<Record<string, Act>>;
  /** Puts in what is no markup: charts, editors. Called after each drawing. */
  drawn?(main: HTMLElement): void;
  /** Called every few seconds while the page is looked at. */
  live?(): Promise<void>;
  /** Whether leaving would lose something. */
  unsaved?(): boolean;
}

/** What views ask of the page around them. */
export interface Desk {
  /** Draws the view again. */
  redraw(): void;
  /** Says what happened, with a way to take it back. */
  say(text: string, undo?: () => Promise<void>): void;
  /** Asks before something is lost; false when it is not to be. */
  ask(question: { title: string; text: Markup | string; yes: string }): Promise<boolean>;
  /** Goes to another page: `campaigns/spring`. */
  go(place: string): void;
  /** Says what runs and how far it has come, from 0 to 1 where that is known. */
  doing(text: string, share?: number): void;
  /** Runs what takes a while: shows that it runs, and what went wrong. */
  busy<T>(what: string, work: () => Promise<T>): Promise<T | undefined>;
}

export type Open = (desk: Desk, rest: readonly string[], query: URLSearchParams) => Promise<View>;
