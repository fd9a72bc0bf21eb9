/** Colours have at least 4.5:1 against their ground (WCAG 2.2, 1.4.3) in both schemes; no colour speaks alone. */
export const styleSheet = `
:root { color-scheme: light dark; --ground: #ffffff; --text: #1c2024; --quiet: #5a6169; --line: #d5d9dd; --band: #f4f6f8;
  --critical: #8f0d1c; --high: #b3261e; --medium: #8a5300; --low: #1f5fa8; --negligible: #5a6169; --unknown: #6b3fa0;
  --good: #1a6b36; --doubtful: #8a5300; --bad: #b3261e; --link: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181b; --text: #e6e9ec; --quiet: #a3abb3; --line: #363c42; --band: #1e2226;
  --critical: #ff9aa2; --high: #ff8a80; --medium: #f2b457; --low: #8ab8f0; --negligible: #a3abb3; --unknown: #c9a6f2;
  --good: #7fd49a; --doubtful: #f2b457; --bad: #ff8a80; --link: #8ab8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.25rem 3rem; max-width: 90rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; }
a { color: var(--link); } a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; background: var(--ground); padding: 0.5rem; }
.verdict { display: inline-block; border: 2px solid currentColor; border-radius: 0.4rem; padding: 0 0.6rem; font-weight: 700; }
.good { color: var(--good); } .doubtful { color: var(--doubtful); } .bad { color: var(--bad); }
.quiet { color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.5rem 0; } dt { color: var(--quiet); } dd { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
caption { text-align: left; color: var(--quiet); padding: 0.25rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); min-width: 3rem; }
thead th { background: var(--band); position: sticky; top: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 0.9em/1.4 ui-monospace, monospace; } pre { background: var(--band); padding: 0.75rem; overflow-x: auto; white-space: pre-wrap; }
.severity { font-weight: 700; white-space: nowrap; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); } .low { color: var(--low); }
.negligible { color: var(--negligible); } .unknown { color: var(--unknown); }
.notice { border-left: 4px solid var(--doubtful); padding: 0.25rem 1rem; background: var(--band); }
@media print { thead th { position: static; } .skip { display: none; } }
`;
