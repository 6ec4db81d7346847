// The two pages a person may see of a relay. No scripts, nothing loaded: what an invite link carries after its
// `#` stays in the person's browser.

/** Goes with every page, and forbids everything that they do not need. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function homePage(): string {
  return page(
    'A Commonplace relay',
    `<p>This is a relay for Commonplace, a browser extension for keeping work, annotating pages and
     sharing both with other people.</p>
     <p>It introduces browsers to each other and keeps sealed changes for people who are away.
     It cannot read what they say.</p>
     <p class="hint">To use it, install Commonplace and make a space, or open an invite link.</p>`,
  );
}

export function joinPage(): string {
  return page(
    'You need Commonplace to open this invite',
    `<p>Someone has invited you to a space in Commonplace, a browser extension.</p>
     <ol>
       <li>Install Commonplace in this browser.</li>
       <li>Come back to this page, or open the link again. Commonplace then asks whether you want to join.</li>
     </ol>
     <p class="hint">Commonplace is installed and nothing happens? Copy this page’s whole address, open
     the side panel, choose “Join a space” and paste it.</p>
     <p class="hint">The invite is in the part of the address after the “#”. Your browser did not send that
     to this server. Whoever has the whole address can join, so pass it on with care.</p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --ink: oklch(0.25 0.02 260); --quiet: oklch(0.45 0.02 260); --paper: oklch(0.985 0.004 90); }
@media (prefers-color-scheme: dark) {
  :root { --ink: oklch(0.92 0.01 90); --quiet: oklch(0.72 0.01 90); --paper: oklch(0.2 0.01 260); }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/24px system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 64px 24px; }
h1 { font: 600 24px/32px Georgia, "Times New Roman", serif; margin: 0 0 24px; text-wrap: balance; }
p, ol { margin: 0 0 16px; }
ol { padding-left: 24px; }
.hint { color: var(--quiet); font-size: 14px; line-height: 20px; }
</style>
</head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>
`;
}
