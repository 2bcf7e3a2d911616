import type { Failure } from './failure.ts';

const REASONS: Record<string, string> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  EAGAIN: 'the system has no process or memory to spare',
  ENOMEM: 'the system has no memory to spare',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file',
  EEXIST: 'a file of that name stands in the way',
  EIO: 'the device failed',
  ENAMETOOLONG: 'the path is too long',
  E2BIG: 'the environment or the command is too long',
};

const ACTIONS: Record<string, string> = {
  ps: 'ask ps',
  lsof: 'ask lsof',
  open: 'open',
  mkdir: 'make the folder',
  rename: 'rename',
  write: 'write',
  unlink: 'remove',
  rm: 'remove',
  link: 'link',
  copyfile: 'copy',
  fdatasync: 'write',
  uv_cwd: 'find the current folder',
};

/** What the operating system refused is a failure that a person can mend; everything else that is thrown is a bug. */
export function toFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const action = syscall.startsWith('spawn') ? 'start a process' : (ACTIONS[syscall] ?? syscall);
  return { code: 'SYSTEM', action, errno: code, reason: REASONS[code] ?? error.message, ...(path === undefined ? {} : { path }) };
}
