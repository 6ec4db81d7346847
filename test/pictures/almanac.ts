// The page of the picture: an article worth a few notes, in a face that looks the same on every machine.
import { readFile } from 'node:fs/promises';
import { inRoot } from '../../scripts/root.ts';

const FACE =
  'node_modules/@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2';

export async function almanac(): Promise<string> {
  const face = (await readFile(inRoot(FACE))).toString('base64');
  return `<!doctype html><html lang=en><meta charset=utf-8><title>The tides: an almanac</title>
<link rel=icon href="data:,">
<style>
  @font-face { font-family: Almanac; src: url(data:font/woff2;base64,${face}); font-weight: 200 900 }
  body { font: 18px/28px Almanac, serif; max-width: 560px; margin: 40px auto;
    padding: 0 32px; color: #24262b; background: #fff }
  h1 { font-size: 34px; line-height: 42px; margin: 0 0 8px; font-weight: 600 }
  .by { color: #6b6f76; font: 14px/20px system-ui, sans-serif; margin: 0 0 32px }
  h2 { font-size: 20px; line-height: 28px; margin: 32px 0 8px; font-weight: 600 }
  p { margin: 0 0 16px }
</style>
<h1>The tides</h1>
<p class=by>From an almanac for coastal walkers</p>
<p>On most coasts the sea rises and falls twice a day. Who walks out at low water and stays to look at the rock
  pools should know when it turns, and why tomorrow it will turn a little later.</p>
<h2>Moon and sun</h2>
<p>The moon draws the water nearest to it, and leaves the water farthest from it behind; between the two the sea
  is low. As the earth turns under these two swellings, a harbour meets both. The moon moves on meanwhile, so each
  day’s tide comes with a lag of some fifty minutes.</p>
<p>The sun does the same with less than half the strength. When both pull along one line, at new and at full moon,
  tides are great; when they pull at right angles, they are small.</p>
<h2>The shape of the shore</h2>
<p>How high the water comes is decided less by the sky than by the shore. A funnel gathers it: the Bay of Fundy
  has the highest tides in the world, some sixteen metres between low and high. In the closed Baltic one hardly
  sees them.</p>
<p>Read the tables for your harbour, not for the next one, and be on firm ground an hour before they say so.</p>`;
}
