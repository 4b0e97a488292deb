/** How the page of the API looks: the reader's own fonts, light or dark, narrow or wide. */
export const pageStyle = `
:root { color-scheme: light dark; --line: #d8dde6; --dim: #5b6472; --tint: #f4f6f9; --get: #1d6fb8; --post: #1c7c54; --page: #fff; --ink: #1b2430 }
@media (prefers-color-scheme: dark) { :root { --line: #323a46; --dim: #9aa4b2; --tint: #1d232c; --get: #6cb2f0; --post: #63c795; --page: #12161c; --ink: #e3e8ef } }
* { box-sizing: border-box }
body { margin: 0; display: grid; grid-template-columns: 16rem minmax(0, 1fr); background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.25rem 1rem; border-right: 1px solid var(--line); font-size: 13px }
nav h2 { margin: 1rem 0 .25rem; font-size: 11px; text-transform: uppercase; letter-spacing: .06em; color: var(--dim) }
nav ul { list-style: none; margin: 0; padding: 0 }
nav a { display: block; padding: .15rem 0; color: inherit; text-decoration: none }
nav a:hover { text-decoration: underline }
main { max-width: 56rem; padding: 1.5rem 2rem 4rem }
h1 small { color: var(--dim); font-weight: 400; font-size: 60% }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .5rem; scroll-margin-top: 1rem }
section h2 { margin: .75rem 0 .25rem; font-size: 1.05rem; overflow-wrap: anywhere }
section h3 { margin: 1rem 0 .25rem; font-size: .8rem; color: var(--dim); text-transform: uppercase; letter-spacing: .05em }
.summary { font-weight: 600; margin: .25rem 0 }
b.get, b.post { display: inline-block; min-width: 2.6em; font: 700 11px/1.5 ui-monospace, monospace; text-transform: uppercase; color: var(--post) }
b.get { color: var(--get) }
code, pre, .type { font-family: ui-monospace, monospace; font-size: 13px }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow: auto }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid var(--line); padding: .3rem .75rem .3rem 0; vertical-align: top }
td:first-child { width: 13rem }
.type { color: var(--dim); width: 12rem }
i { color: var(--dim); font-size: 12px }
a { color: var(--get) }
@media (max-width: 50rem) { body { display: block } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line) } nav ul { columns: 2 } main { padding: 1rem } td:first-child, .type { width: auto } }
@media print { nav { display: none } body { display: block } }
`;
