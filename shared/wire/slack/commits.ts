import type { Build } from '../../lane/words.ts';
import { linesUpTo } from './blocks.ts';
import { escapeText, link } from './escape.ts';

const MOST_COMMITS = 10;

/** The commits a build brings, each with its author, linked where the repository has a web address. */
export function commitLines(build: Build): string {
  const { repository } = build.commit;
  const commits = build.commits.map(
    ({ sha, message, author }) =>
      `• ${commitLink(repository, sha)} ${escapeText(message, 120)} — ${escapeText(author.name, 60)}`,
  );
  return linesUpTo(commits, MOST_COMMITS);
}

export const commitLink = (repository: string | undefined, sha: string): string =>
  link(commitAddress(repository, sha), sha.slice(0, 7));

/** `owner/name` is GitHub's; an https repository has its commits under `/commit/` on GitHub, GitLab and Azure DevOps alike. */
function commitAddress(repository: string | undefined, sha: string): string | null {
  if (repository === undefined || !/^[0-9a-f]{7,64}$/i.test(sha)) return null;
  if (/^[\w.-]+\/[\w.-]+$/.test(repository))
    return `https://github.com/${repository.replace(/\.git$/, '')}/commit/${sha}`;
  if (!/^https:\/\//i.test(repository) || !URL.canParse(repository)) return null;
  const { origin, pathname } = new URL(repository);
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}/commit/${sha}`;
}
