/** One thing that the doctor looked at. */
export interface Finding {
  name: string;
  /** `warn`: devctl works, with less; `fail`: something does not work; `fixed`: it was in the way, and is gone. */
  verdict: 'ok' | 'warn' | 'fail' | 'fixed';
  says: string;
  /** What to type. */
  fix?: string;
}

export const good = (name: string, says: string): Finding => ({ name, verdict: 'ok', says });
export const poor = (name: string, says: string, fix?: string): Finding => ({
  name,
  verdict: 'warn',
  says,
  ...(fix === undefined ? {} : { fix }),
});
export const bad = (name: string, says: string, fix?: string): Finding => ({ ...poor(name, says, fix), verdict: 'fail' });
