import type { Policy } from '../../lane/policy.ts';
import { appOf, environmentOf, type LaneId } from '../../lane/words.ts';
import { Html, html } from '../html.ts';
import { code, listed, named } from './in-words.ts';
import { type Step, stepsOf } from './steps.ts';
import { STYLE } from './style.ts';

/** A lane and how it is released. */
export interface LanePolicy {
  lane: LaneId;
  policy: Policy;
}

const MODES: Record<Policy['mode'], string> = {
  observe: 'Observes: it only says what it would do, and changes nothing.',
  stage: 'Stages: a build is put into the slot and verified there; it stops before the swap.',
  swap: 'Deploys: a build goes live through these steps.',
};

/** How every lane is released, as one page: no script, nothing loaded, fit to be printed. It says what the policies say, and no more. */
export function releaseProcessPage(lanes: readonly LanePolicy[]): string {
  const apps = [...new Set(lanes.map(({ lane }) => appOf(lane)))];
  const sections = apps.map((app) => appSection(app, lanes));
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Release process</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><h1>Release process</h1><p>Made from the policies in force by Warmswap.</p></header>
${sections}
</body>
</html>
`);
}

const appSection = (app: string, lanes: readonly LanePolicy[]): Html => html`<section><h2>${app}</h2>
${lanes.filter(({ lane }) => appOf(lane) === app).map(laneArticle)}</section>
`;

function laneArticle({ lane, policy }: LanePolicy): Html {
  const steps = stepsOf(policy);
  return html`<article><h3>${environmentOf(lane)} <span class="mode ${policy.mode}">${policy.mode}</span></h3>
<p>${MODES[policy.mode]} The site is ${named(policy.site.name)} in ${named(policy.site.resourceGroup)}.</p>
${steps.length === 0 ? html`` : html`<ol>${steps.map(stepItem)}</ol>\n`}<dl>
<dt>Who may</dt><dd>${whoMay(policy)}</dd>
<dt>A newer build</dt><dd>${arrivals(policy)}</dd>
<dt>Told</dt><dd>${policy.slack === undefined ? 'Nobody in Slack.' : html`In Slack, in ${named(policy.slack.channel)}.`}</dd>
</dl></article>
`;
}

const stepItem = ({ name, does, otherwise }: Step): Html =>
  html`<li><h4>${name}</h4><div>${does}</div>${otherwise === null ? html`` : html`<p class="otherwise">${otherwise}</p>`}</li>\n`;

function whoMay({ approval, operators }: Policy): Html {
  const people = approval.required ? [...operators, ...approval.approvers, ...approval.breakGlass] : operators;
  const known = [...new Set(people)].map(named);
  const slack = known.length === 0 ? html`nobody from Slack` : html`${listed(known, 'and')} from Slack`;
  return html`hold, release, roll back and retry: ${slack}, and tokens with the right ${code('command')}.`;
}

function arrivals({ arrivals: rule }: Policy): Html {
  switch (rule.mode) {
    case 'supersede':
      return html`takes the place of one that still waits for its turn.`;
    case 'refuse':
      return html`is refused while another is under way.`;
    case 'queue':
      return html`waits in line, at most ${rule.limit} at once.`;
  }
}
