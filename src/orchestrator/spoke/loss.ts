import type { Files } from '../../machine/files.ts';
import type { LifeEnd } from './life.ts';
import type { Loss } from './recovery.ts';

/** Of what it has said, the last so many bytes. */
const MAX_SAID = 2000;

/** What its end and its last words add to what is known of a lost process. */
export function completeLoss(
  files: Pick<Files, 'stat' | 'readSlice'>,
  loss: Loss,
  { end, saidFile, saidFrom }: { end: LifeEnd; saidFile: string; saidFrom: number },
): Loss {
  const size = files.stat(saidFile)?.size ?? 0;
  const length = Math.min(MAX_SAID, Math.max(0, size - saidFrom));
  const said =
    length === 0
      ? ''
      : files
          .readSlice(saidFile, size - length, length)
          .toString('utf8')
          .trim();
  return {
    ...loss,
    code: end.kind === 'ended' ? end.code : undefined,
    isUnknownSession: loss.isUnknownSession || said.includes('No conversation found with session ID'),
    isSessionTaken: /Session ID \S+ is already in use/.test(said),
    said,
  };
}
