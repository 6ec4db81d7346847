// The style of the in-page UI: paper, ink, hairlines, a 4 px grid, light and dark. Only generic font families:
// a page may declare a font of any other name and learn from what it loads which letters a note has.

/** A sheet for the closed shadow root; it applies whatever the page's content policy says. */
export function annotatorSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(TOKENS + PIECES);
  return sheet;
}

const TOKENS = `
.layer {
  color-scheme: light dark;
  --paper: light-dark(oklch(0.99 0.004 90), oklch(0.26 0.01 260));
  --ink: light-dark(oklch(0.25 0.015 260), oklch(0.92 0.006 90));
  --soft: light-dark(oklch(0.48 0.012 260), oklch(0.76 0.01 260));
  --line: light-dark(oklch(0.9 0.008 90), oklch(0.38 0.012 260));
  --field: light-dark(oklch(1 0 0), oklch(0.21 0.008 260));
  --accent: light-dark(oklch(0.45 0.13 260), oklch(0.8 0.1 255));
  --on-accent: light-dark(oklch(1 0 0), oklch(0.2 0.02 260));
  --danger: light-dark(oklch(0.48 0.17 27), oklch(0.8 0.12 25));
  --float: 0 1px 2px oklch(0 0 0 / 0.08), 0 8px 24px oklch(0 0 0 / 0.16);
  font: 13px/18px system-ui, sans-serif;
  color: var(--ink);
  text-align: start;
}
`;

const PIECES = `
* { box-sizing: border-box; }
.float {
  position: fixed;
  pointer-events: auto;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 6px;
  box-shadow: var(--float);
  animation: rise 120ms ease-out;
}
@keyframes rise { from { opacity: 0; transform: translateY(4px); } }
@media (prefers-reduced-motion: reduce) { .float { animation: none; } }
.card {
  display: flex;
  flex-direction: column;
  gap: 12px;
  width: min(320px, calc(100vw - 16px));
  max-height: min(440px, calc(100vh - 16px));
  padding: 12px 16px;
  overflow: auto;
  overscroll-behavior: contain;
  scrollbar-width: thin;
}
button, textarea, select { font: inherit; color: inherit; margin: 0; }
button {
  display: inline-flex;
  align-items: center;
  gap: 6px;
  min-height: 28px;
  padding: 4px 8px;
  border: 0;
  border-radius: 4px;
  background: none;
  cursor: pointer;
}
button:hover { background: color-mix(in oklch, currentColor 8%, transparent); }
button:disabled { cursor: default; opacity: 0.5; background: none; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.annotate { min-height: 32px; padding: 4px 12px 4px 8px; color: var(--accent); font-weight: 500; }
.annotate:hover { background: var(--paper); color: var(--ink); }
.pen { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.primary { padding: 4px 12px; background: var(--accent); color: var(--on-accent); font-weight: 500; }
.primary:hover { background: color-mix(in oklch, var(--accent) 88%, var(--ink)); }
.primary:disabled { background: var(--accent); }
.plain { color: var(--soft); }
.plain:hover { color: var(--ink); }
.danger { color: var(--danger); }
.quote {
  margin: 0;
  padding-inline-start: 12px;
  border-inline-start: 2px solid var(--hue, var(--line));
  font: 15px/22px serif;
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 4;
  overflow: hidden;
  overflow-wrap: anywhere;
  flex: none;
}
textarea, select {
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--field);
}
textarea {
  width: 100%;
  min-height: 84px;
  padding: 8px;
  font: 15px/22px serif;
  resize: vertical;
  flex: none;
}
textarea::placeholder { color: var(--soft); opacity: 1; }
textarea:focus-visible, select:focus-visible { outline-offset: -1px; }
select { min-height: 28px; padding: 2px 4px; max-width: 160px; }
.row { display: flex; align-items: center; gap: 8px; flex: none; }
.row > .end { margin-inline-start: auto; }
.where { color: var(--soft); display: flex; align-items: center; gap: 8px; min-width: 0; }
.where > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.problem:empty { display: none; }
.problem { margin: 0; color: var(--danger); overflow-wrap: anywhere; }
.note { display: flex; flex-direction: column; gap: 8px; }
.note + .note { border-top: 1px solid var(--line); padding-top: 12px; }
.by { display: flex; align-items: center; gap: 8px; min-width: 0; }
.mark { width: 16px; height: 16px; flex: none; display: block; fill: var(--hue); }
.name { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.behalf { color: var(--soft); margin-top: -8px; padding-inline-start: 24px; overflow-wrap: anywhere; }
.time { color: var(--soft); margin-inline-start: auto; white-space: nowrap; font-variant-numeric: tabular-nums; }
.text { margin: 0; font: 15px/22px serif; white-space: pre-wrap; overflow-wrap: anywhere; }
.foot { color: var(--soft); display: flex; align-items: center; gap: 4px; min-height: 28px; }
.foot > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; margin-inline-end: auto; }
.moved { color: var(--soft); border-bottom: 2px dotted var(--hue); align-self: start; }
.tentative > .text { border-inline-start: 2px dotted var(--hue); padding-inline-start: 12px; }
.hint { padding: 8px 12px; max-width: min(320px, calc(100vw - 16px)); }
`;
