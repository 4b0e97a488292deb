/** The style of an invoice's page, on the screen and on paper. */
export const pageStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; }
header { display: flex; justify-content: space-between; align-items: baseline; border-bottom: 2px solid; margin-bottom: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 0.5rem; }
h2 { font-size: 1rem; margin: 2rem 0 0.25rem; }
.stamp { margin: 0; font-weight: 600; text-transform: uppercase; letter-spacing: 0.06em; }
.paid { color: #1a7f37; }
.overdue, .uncollectible { color: #c0262d; }
.void { opacity: 0.6; }
.facts { display: flex; justify-content: space-between; gap: 2rem; margin-bottom: 2rem; }
dl { display: grid; grid-template-columns: auto auto; gap: 0 1rem; margin: 0; align-content: start; }
dt { opacity: 0.7; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0 0.4rem 1rem; border-bottom: 1px solid #8885; }
th:first-child, td:first-child { padding-left: 0; }
td small { display: block; opacity: 0.7; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tfoot th { text-align: right; border: 0; font-weight: 400; }
tfoot td { border: 0; }
tfoot tr:first-child th, tfoot tr:first-child td, tfoot tr:last-child th, tfoot tr:last-child td { font-weight: 600; }
ul { margin: 0; padding-left: 1.2rem; }
footer { margin-top: 2.5rem; opacity: 0.7; font-size: 0.87rem; }
@page { margin: 18mm; }
@media print { :root { color-scheme: light; } main { margin: 0; max-width: none; padding: 0; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;
