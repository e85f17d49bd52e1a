/**
 * Keeps the page up to date: asks once a second, and touches only the messages that changed, so that nothing flickers,
 * a selection stays, and a thread that was folded stays folded. At the end of the list it follows what comes.
 */
export const pageScript = `
const box = document.getElementById('messages');
const nav = document.getElementById('channels');
const state = document.getElementById('state');
let shownNav = nav.innerHTML;
function place(entry, before, message) {
  const folded = entry.querySelector('details')?.open === false;
  entry.dataset.ts = message.ts;
  entry.dataset.hash = message.hash;
  entry.innerHTML = message.html;
  if (folded) entry.querySelector('details')?.removeAttribute('open');
  if (entry.parentNode !== box || entry.nextSibling !== before) box.insertBefore(entry, before);
}
function update(messages) {
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 80;
  const known = new Map([...box.children].map((entry) => [entry.dataset.ts, entry]));
  let changed = false;
  for (const message of messages) {
    const entry = known.get(message.ts);
    known.delete(message.ts);
    if (entry?.dataset.hash === message.hash) continue;
    changed = true;
    if (entry) place(entry, entry.nextSibling, message);
    else place(Object.assign(document.createElement('div'), { className: 'entry' }), null, message);
  }
  for (const gone of known.values()) gone.remove();
  if (changed && atEnd) scrollTo({ top: document.body.scrollHeight });
}
async function ask() {
  try {
    const answer = await fetch('/messages?channel=' + encodeURIComponent(box.dataset.channel), { cache: 'no-store' });
    const { nav: links, messages } = await answer.json();
    if (!box.dataset.channel && messages.length > 0) return location.reload();
    if (links !== shownNav) { nav.innerHTML = links; shownNav = links; }
    update(messages);
    state.textContent = '';
  } catch {
    state.textContent = 'not connected';
  }
  setTimeout(ask, 1000);
}
scrollTo({ top: document.body.scrollHeight });
setTimeout(ask, 1000);
`;
