/** A control group that holds for us: its version, and where its files are. */
export interface GroupPlace {
  version: 1 | 2;
  /** Of the hierarchy; no group stands above it. */
  mount: string;
  folder: string;
}

interface Mount {
  /** The part of the hierarchy that is mounted here. */
  root: string;
  folder: string;
  type: string;
  options: string[];
}

/**
 * Where the groups of a controller are that we are in: under version 1 the controller has a hierarchy of its own, under
 * version 2 one serves all. Source: cgroups(7), /proc/self/cgroup and /proc/self/mountinfo.
 */
export function findGroups(cgroup: string, mountinfo: string, controller: string): GroupPlace[] {
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  return cgroup.split('\n').flatMap((line) => {
    const [, id, names = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (id === undefined) return [];
    const version = names === '' ? 2 : 1;
    if (version === 1 && !names.split(',').includes(controller)) return [];
    const mount = mounts.find(({ type, options }) =>
      version === 2 ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
    );
    return mount ? [{ version, mount: mount.folder, folder: within(mount, path) } as const] : [];
  });
}

/** The group's folder and those above it, as far up as can be seen; the own one first. */
export function groupFolders({ mount, folder }: GroupPlace): string[] {
  const folders = [folder];
  for (let one = folder; one.startsWith(`${mount}/`);) {
    one = one.slice(0, one.lastIndexOf('/'));
    folders.push(one);
  }
  return folders;
}

/** `36 35 98:0 /root /mount rw,noatime shared:1 - type source options`. Source: proc(5). */
function parseMount(line: string): Mount[] {
  const [left = '', right] = line.split(' - ');
  if (right === undefined) return [];
  const [, , , root = '/', folder = ''] = left.split(' ').map(unescape);
  const [type = '', , options = ''] = right.split(' ');
  return [{ root, folder, type, options: options.split(',') }];
}

/** A blank is written as \040. */
function unescape(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** In a container the path may be that of another namespace: then the mount is the group. */
function within({ root, folder }: Mount, path: string): string {
  const rest = root === '/' ? path : path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : '';
  return `${folder}${rest}`.replace(/\/+$/, '');
}

/** A number of bytes, or nothing: "max", an absent file, or version 1's "no limit" (2^63 less a page). */
export function parseLimit(text: string | undefined): number | undefined {
  const bytes = /^\d+$/.test(text?.trim() ?? '') ? Number(text) : Infinity;
  return bytes < 2 ** 62 ? bytes : undefined;
}

/** How many cores a quota grants: "200000 100000" is two, "max 100000" and a quota of -1 say nothing. */
export function parseQuota(quota: string | undefined, period: string | undefined): number | undefined {
  const [share, each] = [Number(quota), Number(period)];
  return share > 0 && each > 0 ? Math.max(1, Math.ceil(share / each)) : undefined;
}
