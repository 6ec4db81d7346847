// The pages on which harnesses are compared, made the same each time: a small form, a long table and an article.

export const SMALL_PAGE = page(
  'Order',
  `<h1>Order</h1><p>Two of them are left.</p>
<form onsubmit="event.preventDefault()"><label>Name <input id=who></label>
<label><input type=checkbox> As a gift</label>
<label>Size <select><option>Small<option>Large</select></label><button>Send</button></form>
<nav aria-label=More><a href="/help">Help</a> <a href="/terms">Terms</a></nav>`,
);

/** Every press adds one to what the heading says, so that each click has the same effect, and all can be counted. */
export const CLICK_PAGE = page(
  'Counter',
  `<h1 id=said>Pressed 0 times</h1><script>let pressed = 0</script>
<button onclick="said.textContent = 'Pressed ' + ++pressed + ' times'">Add one</button>`,
);

/** Each of 3,000 rows has a text, a link, a button and a field. */
export const ROWS_PAGE = page('Rows', `<h1>Rows</h1><table>${each(3_000, row)}</table>`);

const SECTIONS = 14;

/** About as long and as full of links as a middling encyclopedia article. */
export const ARTICLE_PAGE = page(
  'Tides',
  `<header><a href="/">Home</a> <input type=search aria-label=Search><button>Go</button></header>
<nav aria-label=Contents><ol>${sections(contentsLine)}</ol></nav>
<main><h1>Tides</h1>${sections(section)}
<h2>References</h2><ol>${sections(reference)}</ol></main>
<footer><a href="/about">About</a> <a href="/licence">Licence</a></footer>`,
);

function page(title: string, body: string): string {
  return `<!doctype html><html lang=en><meta charset=utf-8><title>${title}</title>
<link rel=icon href="data:,"><body>${body}</html>`;
}

function row(n: number): string {
  return `<tr><td>Row ${n}</td><td><a href="/row/${n}">Open ${n}</a></td>
<td><button>Delete ${n}</button></td><td><input aria-label="Note ${n}"></td></tr>`;
}

function sections(make: (n: number) => string): string {
  return each(SECTIONS, make);
}

function contentsLine(n: number): string {
  return `<li><a href="#s${n}">Part ${n}</a></li>`;
}

function section(n: number): string {
  return `<h2 id=s${n}>Part ${n} <a href="/edit/${n}">edit</a></h2>${each(4, (p) => paragraph(n, p))}`;
}

function paragraph(n: number, p: number): string {
  const at = `${n}.${p}`;
  return `<p>On most coasts the <a href="/sea/${at}">sea of ${at}</a> rises and falls twice in a lunar day, by an
amount that the <a href="/shape/${at}">shape of the shore</a> decides more than the moon does. Where a bay is as long
as a quarter of the wave, the water answers like a pendulum that is pushed in time, and
<a href="/range/${at}">the range</a> grows to many times that of the open ocean.<sup><a href="#r${n}">[${n}]</a></sup>
Harbours keep tables of this, which were once worked out by <a href="/machine/${at}">brass machines</a> that added up
dozens of turning wheels, one for each period that had been found in years of readings.</p>`;
}

function reference(n: number): string {
  return `<li id=r${n}>A. Writer and B. Reader, <cite>Water in part ${n}</cite>,
<a href="/doi/${n}">10.1000/${n}</a>, pages ${n}1 to ${n}9.</li>`;
}

function each(count: number, make: (n: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index + 1)).join('\n');
}
