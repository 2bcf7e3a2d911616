import type { ValidateSettings } from '../project/settings.ts';
import { isAmong } from './globs.ts';
import type { Place } from './rule.ts';

const TEST =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|__fixtures__|fixtures?|specs?|e2e|cypress|mocks?|benchmarks?|bench)\/|(?:^|[/._-])(?:test|tests|spec|stories|story|fixture|mock|bench|e2e)\.[cm]?[jt]sx?$|(?:^|\/)tests?[._-][^/]*$/;
/** Folders of tools lie beside the product: `src/scripts/` is sent to browsers. */
const SCRIPT =
  /^(?:(?!(?:src|app|lib)\/)[^/]+\/)*(?:bin|scripts?|tools)\/|(?:^|\/)cli\/|(?:^|\/)(?:gulpfile|gruntfile|[^/]*\.config)\.[cm]?[jt]s$|(?:^|[/._-])cli(?:[._-][^/]*)?\.[cm]?[jt]s$/i;

/** What files are for, as devctl.yml has it: files, folders, globs, from the root. */
export type OwnPlaces = NonNullable<ValidateSettings['places']>;

/** Tells what a file is for: by devctl.yml, else by its path and the first line of its text. */
export function placing(own: OwnPlaces): (path: string, text: string) => Place {
  const isOwn = (['production', 'test', 'script'] as const).map((place) => [place, isAmong(own[place] ?? [])] as const);
  return (path, text) => isOwn.find(([, matches]) => matches(path))?.[0] ?? guess(path, text);
}

function guess(path: string, text: string): Place {
  if (TEST.test(path)) return 'test';
  return SCRIPT.test(path) || text.startsWith('#!') ? 'script' : 'production';
}
