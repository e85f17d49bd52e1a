/** The page's look: Slack's reading column, in system fonts, light and dark. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1d1c1d; --soft: #616061; --line: #dddddd; --back: #ffffff; --hover: #f8f8f8;
  --link: #1264a3; --code: #c01343; --code-back: #f6f6f6; --mention: #e8f5fa; --nav: #3f0e40; }
@media (prefers-color-scheme: dark) { :root { --ink: #d1d2d3; --soft: #ababad; --line: #35373b; --back: #1a1d21;
  --hover: #222529; --link: #1d9bd1; --code: #e8912d; --code-back: #232529; --mention: #1d3b47; --nav: #19171d; } }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 220px minmax(0, 1fr); min-height: 100vh; color: var(--ink);
  background: var(--back); font: 15px/1.47 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
nav { background: var(--nav); color: #e8dfe8; padding: 16px 8px; position: sticky; top: 0; height: 100vh; overflow-y: auto; }
nav h2 { font-size: 17px; margin: 0 8px 16px; }
nav a { display: flex; justify-content: space-between; color: #d5c9d5; text-decoration: none; padding: 4px 8px;
  border-radius: 6px; overflow-wrap: anywhere; }
nav a:hover { background: rgb(255 255 255 / 10%); }
nav a[aria-current] { background: #1164a3; color: #fff; font-weight: 600; }
.count { opacity: .7; font-size: 12px; }
main > header { position: sticky; top: 0; z-index: 1; display: flex; align-items: center; justify-content: space-between; gap: 16px;
  background: var(--back); border-bottom: 1px solid var(--line); padding: 12px 20px; }
h1 { font-size: 18px; margin: 0; }
#state { color: var(--soft); font-size: 13px; }
#messages { padding: 12px 0 40px; max-width: 960px; }
main { display: flex; flex-direction: column; min-height: 100vh; } #composer { margin-top: auto; }
#messages:not(:empty) + #empty { display: none; }
#empty { color: var(--soft); padding: 40px 20px; }
.message { position: relative; display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 10px; padding: 8px 20px; }
.message:hover { background: var(--hover); }
.avatar { width: 36px; height: 36px; border-radius: 6px; display: grid; place-items: center; color: #fff; font-weight: 700;
  background: hsl(var(--hue) 45% 42%); }
.who { display: flex; align-items: baseline; gap: 6px; }
.badge { background: var(--line); color: var(--soft); font-size: 10px; font-weight: 700; border-radius: 3px; padding: 1px 4px; }
time, .edited { color: var(--soft); font-size: 12px; }
.text { overflow-wrap: anywhere; }
.header { font-size: 18px; line-height: 1.3; margin: 6px 0; }
.section { display: flex; gap: 16px; justify-content: space-between; margin: 4px 0; max-width: 700px; }
.section > div:first-child { flex: 1; min-width: 0; }
.fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px 16px; margin: 4px 0; overflow-wrap: anywhere; }
.context { color: var(--soft); font-size: 13px; margin: 4px 0; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
button, a.button { font: inherit; font-size: 13px; font-weight: 700; padding: 5px 12px; border-radius: 6px; cursor: pointer;
  border: 1px solid var(--line); background: var(--back); color: var(--ink); text-decoration: none; }
button:hover, a.button:hover { filter: brightness(.95); }
.primary.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.danger.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
button:disabled { opacity: .65; cursor: not-allowed; }
[aria-busy=true] { opacity: .6; }
.warning { color: #b3261e; font-size: 13px; margin: 2px 20px 6px 66px; }
.ephemeral { background: var(--mention); } .only-you { color: var(--soft); font-size: 12px; }
.ephemeral:hover { background: var(--mention); }
.more { position: absolute; top: 4px; right: 12px; } .more summary { list-style: none; cursor: pointer; padding: 0 8px;
  border: 1px solid var(--line); border-radius: 6px; background: var(--back); opacity: 0; }
.message:hover > .more summary, .more[open] summary, .more summary:focus-visible { opacity: 1; }
.more [role=menu] { position: absolute; right: 0; z-index: 2; display: grid; min-width: 180px; padding: 6px; border-radius: 8px;
  border: 1px solid var(--line); background: var(--back); box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
.more [role=menu] button { border: 0; text-align: left; font-weight: 400; }
#composer { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; gap: 8px; padding: 12px 20px; background: var(--back);
  border-top: 1px solid var(--line); }
#composer .warning { flex-basis: 100%; margin: 0; }
#composer input { flex: 1; font: inherit; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--back); color: var(--ink); }
select { font: inherit; font-size: 13px; } header label { color: var(--soft); font-size: 13px; }
dialog { border: 0; border-radius: 10px; padding: 20px 24px; max-width: 460px; color: var(--ink); background: var(--back);
  box-shadow: 0 12px 48px rgb(0 0 0 / 40%); }
dialog::backdrop { background: rgb(0 0 0 / 50%); }
dialog h2 { font-size: 20px; margin: 0 0 12px; } .answers { display: flex; justify-content: flex-end; gap: 10px; margin-top: 20px; }
hr { border: 0; border-top: 1px solid var(--line); margin: 10px 0; }
a { color: var(--link); }
code, pre { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--code-back);
  border: 1px solid var(--line); border-radius: 3px; }
code { color: var(--code); padding: 1px 3px; }
pre { padding: 8px; margin: 4px 0; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
blockquote { margin: 2px 0; padding-left: 12px; border-left: 4px solid var(--line); }
.mention { background: var(--mention); color: var(--link); border-radius: 3px; padding: 0 2px; }
.attachment { border-left: 4px solid var(--bar); padding: 2px 0 2px 12px; margin: 6px 0; max-width: 700px; }
.attachment-title { font-weight: 700; }
figure { margin: 6px 0; } .image { color: var(--soft); }
.thread { margin: 2px 20px 6px 66px; border-left: 2px solid var(--line); }
.thread summary { color: var(--link); font-size: 13px; font-weight: 600; cursor: pointer; padding: 2px 12px; }
.thread .message { padding: 4px 12px; }
.thread .avatar { width: 24px; height: 24px; font-size: 12px; } .thread .message { grid-template-columns: 24px minmax(0, 1fr); }
@media (max-width: 640px) { body { display: block; } nav { padding: 8px; position: static; height: auto; } .fields { grid-template-columns: 1fr; } }
`;
