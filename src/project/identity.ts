import { createHash } from 'node:crypto';

/** A project's name in file names and in `DEVCTL_SESSION`: 12 hexadecimal digits of the hash of its real path. */
export function projectId(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 12);
}

const FAMILY_BITS = 22n;

/**
 * The mark: 62 bits, of which the highest is 1, the next 39 name the project and the last 22 the service. It is kept in
 * the soft RLIMIT_LOCKS of a process, which the kernel has not used since 2.4 and which every child inherits.
 * Service number 0 is what belongs to the project and to no service (its tmux server). Source: setrlimit(2), proc(5).
 */
export function serviceMark(id: string, service: string): string {
  return (projectBits(id) | serviceBits(service)).toString();
}

/** The mark of what belongs to the project and to none of its services. */
export function projectMark(id: string): string {
  return projectBits(id).toString();
}

/** Does a mark belong to this project? */
export function isMarkOf(id: string, mark: string): boolean {
  return BigInt(mark) >> FAMILY_BITS === projectBits(id) >> FAMILY_BITS;
}

function projectBits(id: string): bigint {
  const hash = BigInt(`0x${createHash('sha256').update(`mark ${id}`).digest('hex').slice(0, 16)}`);
  return (1n << 61n) | ((hash & ((1n << 39n) - 1n)) << FAMILY_BITS);
}

function serviceBits(service: string): bigint {
  const hash = BigInt(`0x${createHash('sha256').update(service).digest('hex').slice(0, 12)}`);
  return (hash % ((1n << FAMILY_BITS) - 1n)) + 1n;
}

/** A short name for a definition: equal text, equal fingerprint. */
export function fingerprint(definition: unknown): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);
}
