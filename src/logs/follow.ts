import type { Clock } from '../machine/clock.ts';
import type { Files } from '../machine/files.ts';
import { readLines } from './lines.ts';

export interface FollowRequest {
  sources: { service: string; path: string; offset: number }[];
  /** Absent: until `isOver` says so. */
  forMs?: number;
  isOver: () => boolean;
  onLine: (service: string, line: string) => void;
}

const INTERVAL_MS = 100;
/** A line that its program has not ended is shown after this long. */
const PARTIAL_MS = 1000;

/** Hands over lines as they come, from all logs, until the time or the reader is gone. A log that was rotated is read on from its start. */
export async function follow({ files, clock }: { files: Files; clock: Clock }, request: FollowRequest): Promise<void> {
  const begin = clock.elapsed();
  const places = request.sources.map((source) => ({ ...source, id: files.stat(source.path)?.id, partialSince: begin }));
  while (!request.isOver() && (request.forMs === undefined || clock.elapsed() - begin < request.forMs)) {
    for (const place of places) {
      const stat = files.stat(place.path);
      if (stat?.kind !== 'file') continue;
      if (stat.id !== place.id || stat.size < place.offset) {
        place.id = stat.id;
        place.offset = 0;
      }
      if (stat.size === place.offset) continue;
      for (const { line, end } of readLines(files, place.path, place.offset, stat.size)) {
        const isWhole = end < stat.size || files.readSlice(place.path, end - 1, 1)[0] === 10;
        if (!isWhole && clock.elapsed() - place.partialSince < PARTIAL_MS) break;
        place.offset = end;
        place.partialSince = clock.elapsed();
        request.onLine(place.service, line);
      }
    }
    await clock.sleep(INTERVAL_MS);
  }
}
