/** What a keeper wrote of how its command ended; see libexec/keeper.sh. */
export interface ExitFile {
  run: string;
  code: number;
  /** Whole seconds that the command lived. */
  seconds: number;
  restarts: number;
  state: 'running' | 'company' | 'backoff' | 'gave-up' | 'ended';
}

const STATES: readonly string[] = ['running', 'company', 'backoff', 'gave-up', 'ended'];

/** `undefined` for anything that is not whole. */
export function parseExitFile(text: string): ExitFile | undefined {
  const fields = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  const number = (name: string) => Number(fields.get(name) === '' ? NaN : fields.get(name));
  const state = fields.get('state') ?? '';
  if (!STATES.includes(state) || !Number.isInteger(number('code'))) return undefined;
  return {
    run: fields.get('run') ?? '',
    code: number('code'),
    seconds: number('seconds') || 0,
    restarts: number('restarts') || 0,
    state: state as ExitFile['state'],
  };
}

/** The signal that an exit code above 128 probably means; a program may also exit with such a code itself. */
export function probableSignal(code: number): string | undefined {
  const names: Record<number, string> = {
    1: 'HUP',
    2: 'INT',
    3: 'QUIT',
    4: 'ILL',
    6: 'ABRT',
    7: 'BUS',
    8: 'FPE',
    9: 'KILL',
    11: 'SEGV',
    13: 'PIPE',
    14: 'ALRM',
    15: 'TERM',
  };
  return code > 128 ? names[code - 128] : undefined;
}
