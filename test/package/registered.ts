import { createCore, supplyCore } from '../../infra/local/functions-host/core-module.ts';
import { loadApp } from '../../infra/local/functions-host/load-app.ts';

/** A process of its own, as a worker is: loads the app folder and says what it registered. `node registered.js <appDir>` */
const core = createCore((level, _category, message) => {
  if (level === 'warning' || level === 'error') console.error(message);
});
supplyCore(core.exports);
await loadApp(process.argv[2] ?? '');
core.endRegistration();
const registered = core.functions.map(({ metadata }) => ({
  name: metadata.name,
  trigger: Object.values(metadata.bindings).find(({ type }) => /Trigger$/.test(type)),
}));
process.stdout.write(`${JSON.stringify(registered)}\n`, () => process.exit(0));
