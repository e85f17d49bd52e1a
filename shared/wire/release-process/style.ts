/** The page's one style sheet. Its SHA-256 is all that the page's content security policy lets in. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --quiet: #667; --go: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --quiet: #aab; --go: #5fd39a; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; font-size: 1.9rem; }
header p, .otherwise { color: var(--quiet); margin: .2rem 0 0; }
h2 { margin: 2.5rem 0 .5rem; border-bottom: 2px solid var(--line); padding-bottom: .2rem; overflow-wrap: anywhere; }
article { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.4rem; margin: 1rem 0; overflow-wrap: anywhere; }
h3 { margin: 0; font-size: 1.2rem; }
h4 { margin: 0; font-size: 1rem; }
.mode { font-size: .75rem; font-weight: 600; border: 1px solid currentColor; border-radius: 1rem; padding: .1rem .6rem; margin-left: .4rem; vertical-align: .15rem; color: var(--quiet); }
.mode.swap { color: var(--go); }
ol { list-style: none; counter-reset: step; margin: 1rem 0; padding: 0; }
ol > li { counter-increment: step; position: relative; padding: 0 0 1rem 2.6rem; border-left: 2px solid var(--line); margin-left: .8rem; }
ol > li:last-child { padding-bottom: 0; border-color: transparent; }
ol > li::before { content: counter(step); position: absolute; left: -.85rem; width: 1.6rem; height: 1.6rem; line-height: 1.6rem; text-align: center; border-radius: 50%; background: var(--go); color: Canvas; font-size: .85rem; font-weight: 600; }
ul { margin: .2rem 0; padding-left: 1.2rem; }
.otherwise { font-size: .92rem; }
.otherwise::before { content: "Otherwise: "; font-weight: 600; }
code { background: var(--soft); border-radius: .3rem; padding: .05rem .3rem; font-size: .92em; }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .3rem 1rem; margin: 1rem 0 0; border-top: 1px solid var(--line); padding-top: .8rem; }
dt { font-weight: 600; } dd { margin: 0; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; } }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } article, li { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`;
