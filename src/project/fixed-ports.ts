import type { Problem } from '../failure.ts';
import { inferPort } from './infer-port.ts';
import type { ProcfileEntry } from './procfile.ts';

/** Services whose own line names their port: every worktree's would listen there. With the line to write instead. Pure. */
export function findFixedPorts(entries: ProcfileEntry[], file: string): Problem[] {
  return entries.flatMap(({ name, command, line }): Problem[] => {
    const hint = inferPort(command);
    if (hint.kind !== 'port') return [];
    const port = String(hint.port);
    return [
      {
        place: { file, line, column: 1 },
        what: `"${name}" listens on ${port} in every worktree, for its line says so ("${hint.from}"); with $PORT, and "port: ${port}" under services.${name} in devctl.yml, only the main checkout has ${port}`,
        instead: `${name}: ${command.replace(hint.from, hint.from.replace(port, '$PORT'))}`,
      },
    ];
  });
}
