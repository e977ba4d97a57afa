// How the elements look until a shop says otherwise: by custom properties, which go through shadow roots, and by parts.
// Directions are logical, so that the same rules serve languages that are written from right to left.

import { css } from 'lit';

export const theme = css`
  :host {
    --_accent: var(--counterfoil-accent, light-dark(#0b5c6b, #7fd3e0));
    --_on-accent: var(--counterfoil-on-accent, light-dark(#fff, #06252b));
    --_ink: var(--counterfoil-ink, light-dark(#1b2225, #e9eeee));
    --_quiet: var(--counterfoil-quiet, light-dark(#56616a, #a9b6bb));
    --_paper: var(--counterfoil-paper, light-dark(#fff, #172023));
    --_line: var(--counterfoil-line, light-dark(#d5dcdf, #37454a));
    --_gain: var(--counterfoil-gain, light-dark(#116239, #7fdca6));
    --_warn: var(--counterfoil-warn, light-dark(#8f3a06, #ffb88a));
    --_radius: var(--counterfoil-radius, 0.5rem);
    --_gap: var(--counterfoil-gap, 0.75rem);
    display: block;
    color: var(--_ink);
    font: var(--counterfoil-font, inherit);
    line-height: 1.4;
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
    display: grid;
    gap: var(--_gap);
  }
  h2 {
    font-size: 1.05em;
    font-weight: 650;
    margin-block-end: calc(var(--_gap) * 0.75);
  }
  button,
  input {
    font: inherit;
    color: inherit;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_paper);
    padding: 0.5em 0.85em;
    min-block-size: 2.75rem;
  }
  input {
    border-color: var(--_quiet);
  }
  button {
    cursor: pointer;
    font-weight: 600;
  }
  button:hover:not(:disabled) {
    border-color: var(--_accent);
    color: var(--_accent);
  }
  button:disabled {
    cursor: default;
    color: var(--_quiet);
  }
  button.main {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  button.main:hover {
    color: var(--_on-accent);
    filter: brightness(1.08);
  }
  button.bare {
    border-color: transparent;
    background: none;
    padding: 0;
    inline-size: 2.75rem;
  }
  a {
    color: var(--_accent);
  }
  :is(button, input, a):focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  img {
    display: block;
    inline-size: 4rem;
    block-size: 4rem;
    object-fit: cover;
    border-radius: calc(var(--_radius) * 0.75);
  }
  progress {
    appearance: none;
    display: block;
    inline-size: 100%;
    block-size: 0.4rem;
    border: 0;
    border-radius: 1rem;
    background: var(--_line);
    accent-color: var(--_accent);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--_line);
  }
  progress::-webkit-progress-value {
    background: var(--_accent);
    border-radius: 1rem;
    transition: inline-size 0.25s;
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
    border-radius: 1rem;
  }
  .card {
    background: var(--_paper);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    padding: calc(var(--_gap) * 1.25);
  }
  .quiet {
    color: var(--_quiet);
    font-size: 0.92em;
  }
  .gain {
    color: var(--_gain);
  }
  .warn {
    color: var(--_warn);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_gap);
  }
  .grow {
    flex: 1;
    min-inline-size: 8rem;
  }
  .money {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
    }
  }
`;
