/**
 * Keeps the page up to date, and sends what the person does. It asks once a second and touches only the messages that changed, so
 * that nothing flickers, a selection stays, what was opened or folded stays so, and a dialog or a text one is at stays at all times:
 * both are outside the list of messages. At the end of the list it follows what comes.
 */
export const pageScript = `
const box = document.getElementById('messages');
const nav = document.getElementById('channels');
const state = document.getElementById('state');
const as = document.getElementById('as');
const composer = document.getElementById('composer');
let shownNav = nav.innerHTML;
let timer;
function place(entry, before, message) {
  const open = new Map([...entry.querySelectorAll('details')].map((one) => [one.dataset.key, one.open]));
  const warning = entry.querySelector(':scope > .warning');
  const focused = entry.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
  entry.dataset.ts = message.ts;
  entry.dataset.hash = message.hash;
  entry.innerHTML = message.html;
  for (const one of entry.querySelectorAll('details')) if (open.has(one.dataset.key)) one.open = open.get(one.dataset.key);
  if (warning) entry.append(warning);
  if (focused) [...entry.querySelectorAll('[data-action]')].find((one) => one.dataset.action === focused)?.focus();
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
  clearTimeout(timer);
  try {
    const query = new URLSearchParams({ channel: box.dataset.channel, as: as.value });
    const answer = await fetch('/messages?' + query, { cache: 'no-store' });
    const { nav: links, messages } = await answer.json();
    if (!box.dataset.channel && messages.length > 0 && composer.text.value === '') return location.reload();
    if (links !== shownNav) { nav.innerHTML = links; shownNav = links; }
    update(messages);
    state.textContent = '';
  } catch {
    state.textContent = 'not connected';
  }
  clearTimeout(timer);
  timer = setTimeout(ask, 1000);
}
async function send(what, body) {
  let warning;
  try {
    const answer = await fetch('/acts/' + what, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: as.value, channel: box.dataset.channel, ...body }) });
    ({ warning } = await answer.json());
  } catch {
    warning = 'Slack does not answer.';
  }
  void ask();
  return warning;
}
function warn(entry, text) {
  entry.querySelector(':scope > .warning')?.remove();
  if (!text) return;
  const warning = Object.assign(document.createElement('p'), { className: 'warning', textContent: '⚠ ' + text });
  warning.setAttribute('role', 'alert');
  entry.append(warning);
}
function confirmed(template) {
  const dialog = document.createElement('dialog');
  dialog.append(template.content.cloneNode(true));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('click', ({ target }) => {
      const answer = target.closest('[data-answer]')?.dataset.answer;
      if (answer) dialog.close(answer);
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
async function onPress(button) {
  const entry = button.closest('.entry');
  const { ts, seen } = button.closest('.message').dataset;
  const { block, action } = button.dataset;
  const template = button.nextElementSibling;
  if (template?.tagName === 'TEMPLATE' && !(await confirmed(template))) return;
  button.setAttribute('aria-busy', 'true');
  const warning = await send('press', { ts, seen: Number(seen), block_id: block, action_id: action });
  button.removeAttribute('aria-busy');
  warn(entry, warning);
}
async function onShortcut(item) {
  const entry = item.closest('.entry');
  const { ts } = item.closest('.message').dataset;
  item.closest('details').open = false;
  warn(entry, await send('shortcut', { ts, callback_id: item.dataset.shortcut }));
}
box.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-action]');
  if (button) return void onPress(button);
  const item = target.closest('[data-shortcut]');
  if (item) void onShortcut(item);
});
composer.addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = composer.text.value.trim();
  if (text === '') return;
  composer.text.value = '';
  const [, command, rest] = /^(\\/\\S+)\\s*([\\s\\S]*)$/.exec(text) ?? [];
  const warning = await (command ? send('command', { command, text: rest }) : send('say', { text }));
  const line = composer.querySelector('.warning');
  line.textContent = warning ? '⚠ ' + warning : '';
  line.hidden = !warning;
  scrollTo({ top: document.body.scrollHeight });
});
as.addEventListener('change', () => {
  location.search = new URLSearchParams({ channel: box.dataset.channel, as: as.value });
});
scrollTo({ top: document.body.scrollHeight });
timer = setTimeout(ask, 1000);
`;
