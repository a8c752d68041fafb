import { createHash } from 'node:crypto';

/** The look of every page. Colours keep WCAG's AA contrast in both schemes; nothing is fetched from elsewhere. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f8; --surface: #ffffff; --raised: #f8f9fb; --text: #16181d; --muted: #565d6b;
  --line: #d9dde4; --edge: #848c9b; --accent: #3a4fd0; --accent-strong: #2c3eb0; --on-accent: #ffffff;
  --link: #3446bd; --good: #1b6b3a; --good-ground: #e5f5ea; --bad: #a12622; --bad-ground: #fdecea;
  --note: #3c4453; --note-ground: #e9ecf3; --shadow: 0 1px 2px rgb(20 24 40 / .06), 0 8px 28px rgb(20 24 40 / .07);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1116; --surface: #181b22; --raised: #1e222b; --text: #eceef2; --muted: #a5adbb;
    --line: #2e333f; --edge: #747d8e; --accent: #4b60e6; --accent-strong: #6075f0; --on-accent: #ffffff;
    --link: #a3b4ff; --good: #8fdca9; --good-ground: #14301f; --bad: #ffaaa3; --bad-ground: #3b1a19;
    --note: #c7cdd9; --note-ground: #252a35; --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .35rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.05rem; line-height: 1.3; margin: 2rem 0 .6rem; }
p { margin: 0 0 1rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre, .mono { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre {
  margin: 0 0 1rem; padding: .8rem 1rem; overflow-x: auto; background: var(--raised);
  border: 1px solid var(--line); border-radius: 8px;
}
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5rem 0; }
small, .muted, .hint { color: var(--muted); }
.hint, .problem { font-size: .875rem; margin: .3rem 0 0; }
.problem { color: var(--bad); font-weight: 600; }
footer { padding: 1.2rem 1rem; text-align: center; font-size: .8125rem; color: var(--muted); }

/* One form in the middle of the window. */
body.card { align-items: center; }
body.card > header { margin-top: max(2rem, 8vh); padding: 0 1rem; text-align: center; font-weight: 650; }
body.card > main {
  width: min(26rem, calc(100% - 2rem)); margin: 1.2rem auto; padding: 1.8rem; background: var(--surface);
  border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow);
}
body.card > main:first-child { margin-top: max(2rem, 10vh); }
body.card > footer { margin-top: auto; }
body.card form button:not(.link) { width: 100%; }
body.card h1 + form, body.card h1 + .notice, body.card form + p, body.card form + form { margin-top: 1.1rem; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; }
p.hint:has(+ form), p.hint:has(+ .row) { margin-bottom: .8rem; }
body.card > main > :last-child, body.card > main > :last-child > :last-child { margin-bottom: 0; }
@media (max-width: 30rem) { body.card > main { padding: 1.3rem 1.1rem; } }

/* Tables across the window. */
body.wide > header {
  position: sticky; top: 0; z-index: 1; padding: .7rem 1.25rem; background: var(--surface);
  border-bottom: 1px solid var(--line);
}
body.wide > header nav { display: flex; flex-wrap: wrap; gap: .25rem .3rem; align-items: center; }
body.wide > header nav strong { margin-right: .8rem; }
body.wide > header nav a { padding: .25rem .6rem; border-radius: 7px; color: var(--text); text-decoration: none; }
body.wide > header nav a:hover { background: var(--raised); }
body.wide > header nav a[aria-current] { background: var(--note-ground); font-weight: 600; }
body.wide > main { width: 100%; max-width: 90rem; margin: 0 auto; padding: 1.5rem 1.25rem 2.5rem; flex: 1; }
@media (max-width: 48rem) { body.wide > header { position: static; } }

.field { margin: 0 0 1rem; }
label { display: block; font-weight: 600; font-size: .9375rem; margin: 0 0 .3rem; }
label.check { display: flex; gap: .55rem; align-items: flex-start; font-weight: 400; }
label.check input { margin-top: .3rem; }
input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea {
  width: 100%; padding: .55rem .7rem; font: inherit; color: inherit; background: var(--surface);
  border: 1px solid var(--edge); border-radius: 8px;
}
input[type=checkbox], input[type=radio] { width: 1.05rem; height: 1.05rem; accent-color: var(--accent); }
textarea { min-height: 7rem; resize: vertical; }
input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
input.code { font: 1.4rem/1.3 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: .3em; text-align: center; }
button, .button {
  display: inline-block; padding: .58rem 1rem; font: inherit; font-weight: 600; text-align: center; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 8px;
  text-decoration: none;
}
button:hover, .button:hover { background: var(--accent-strong); }
button.secondary, .button.secondary { color: var(--text); background: var(--surface); border-color: var(--edge); }
button.secondary:hover, .button.secondary:hover { background: var(--raised); }
button.danger { color: var(--bad); background: var(--surface); border-color: var(--bad); }
button.danger:hover { background: var(--bad-ground); }
button.link {
  padding: 0; width: auto; color: var(--link); background: none; border: 0; font-weight: inherit;
  text-decoration: underline; text-underline-offset: .15em;
}
button.small, .button.small { padding: .25rem .65rem; font-size: .875rem; }
fieldset { margin: 0 0 1rem; padding: .8rem 1rem .1rem; border: 1px solid var(--line); border-radius: 10px; }
legend { padding: 0 .4rem; font-weight: 600; font-size: .9375rem; }
form.narrow { max-width: 30rem; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: 0 0 1rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0 .8rem; }
.wide h1 { margin-bottom: 1rem; }
.row .field { margin: 0; flex: 1 1 12rem; }
.row > button, .row > .button { flex: none; }
.between { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; justify-content: space-between; }
.or { display: flex; gap: .8rem; align-items: center; margin: 1.1rem 0; color: var(--muted); font-size: .875rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }

/* A list of things to pick one from, each a button or a link. */
.choices { list-style: none; margin: 0 0 1rem; padding: 0; display: grid; gap: .5rem; }
.choices button, .choices a {
  display: block; width: 100%; padding: .7rem .9rem; text-align: left; color: var(--text); background: var(--surface);
  border: 1px solid var(--edge); border-radius: 10px; text-decoration: none; font-weight: 600;
}
.choices button:hover, .choices a:hover { background: var(--raised); }
.choices small { display: block; font-weight: 400; }

.notice { padding: .7rem .9rem; border-radius: 8px; color: var(--note); background: var(--note-ground); }
.notice.done { color: var(--good); background: var(--good-ground); }
.notice.failed { color: var(--bad); background: var(--bad-ground); }
.badge {
  display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .8125rem; white-space: nowrap;
  color: var(--note); background: var(--note-ground);
}
.badge.good { color: var(--good); background: var(--good-ground); }
.badge.bad { color: var(--bad); background: var(--bad-ground); }

.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); margin: 0 0 1rem; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
caption { text-align: left; padding: .7rem .9rem; font-weight: 600; }
th, td { padding: .5rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: .8125rem; color: var(--muted); font-weight: 600; white-space: nowrap; }
tbody tr:first-child > * { border-top: 1px solid var(--line); }
tbody tr:hover { background: var(--raised); }
td code { overflow-wrap: normal; white-space: nowrap; }
td.narrow, th.narrow { width: 1%; white-space: nowrap; }
td form { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem; margin: 0 0 1rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
.pages { display: flex; gap: .6rem; align-items: center; justify-content: flex-end; }
.empty { padding: 2.2rem 1rem; text-align: center; color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: .7rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.tiles a { display: block; padding: .8rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; text-decoration: none; color: var(--text); }
.tiles a:hover { border-color: var(--edge); }
.tiles strong { display: block; font-size: 1.25rem; }
.qr { display: block; width: 12rem; height: 12rem; margin: 0 auto 1rem; padding: .5rem; background: #fff; border-radius: 8px; }
.hidden-visually { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const version = createHash('sha256').update(stylesheet).digest('hex').slice(0, 12);

export const stylesheetPath = `/_pages/${version}.css`;
