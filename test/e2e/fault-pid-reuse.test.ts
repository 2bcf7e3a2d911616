import { describe, expect, test } from 'vitest';
import { canUnshare, OWN_PIDS, unshare } from '../support/namespaces.ts';
import { DEVCTL, MODES, Rig } from '../support/rig.ts';

/**
 * Runs as pid 1 of a pid namespace, where the next pid can be chosen: a number of the run is given to a stranger.
 * NUMBER is an expression on the run record, VICTIMS one on a process of the plan of a stop. Source: pid_namespaces(7), /proc/sys/kernel/ns_last_pid.
 */
const SCRIPT = `
[ $$ = 1 ] || exit 99
$DEVCTL start --no-wait || exit 98
# A keeper that is killed while it starts its service leaves one that nobody has seen, and its number with it as a session.
until pgrep -f '^sleep 86431$' && pgrep -f '^sleep 86432$'; do sleep 0.01; done >/dev/null
record=$(echo "$XDG_STATE_HOME"/devctl/*/run.json)
pid=$(node -p "const record = JSON.parse(require('fs').readFileSync('$record', 'utf8')); NUMBER")
ours=$($DEVCTL stop --dry-run --json | node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).data.seen.filter((one) => VICTIMS).map(({ pid }) => pid).join(' ')")
kill -9 $ours
alive() { case $(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null) in Z | X | '') return 1 ;; esac }
for one in $ours; do while alive "$one"; do sleep 0.01; done; done

for try in $(seq 500); do
	echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
	(cd /; exec setsid env -i sh -c 'sleep 86433 & exec sleep 86434') </dev/null >/dev/null 2>&1 &
	[ $! = "$pid" ] && break
	kill -9 $!; wait $!
done 2>/dev/null
[ $! = "$pid" ] || { echo "no stranger has pid $pid"; ps -A -o pid,ppid,pgid,sid,stat,args; exit 97; }
until grep -qx sleep "/proc/$pid/comm" && child=$(pgrep -f '^sleep 86433$'); do sleep 0.01; done
tell() { echo "$1: $2, stranger $(alive $pid && echo alive || echo dead), its child $(alive $child && echo alive || echo dead)"; }

$DEVCTL status >&2; tell status $?
$DEVCTL stop >&2; tell stop $?
$DEVCTL start --no-wait >&2; tell start $?
$DEVCTL restart --no-wait >&2; tell restart $?
$DEVCTL stop >&2; tell stop $?
`;

const KEEPER = { name: 'a keeper', number: 'record.services.web.keeper.pid', victims: `one.service === 'web'`, status: 8 };
const SERVER = { name: 'the tmux server', number: 'record.tmux.server.pid', victims: 'true', status: 3 };
const NUMBERS = [...MODES.map((mode) => ({ ...KEEPER, mode })), { ...SERVER, mode: 'tmux' }];

describe.skipIf(!canUnshare(...OWN_PIDS))('a pid that was used again', () => {
  test.each(NUMBERS)(
    'after the death of $name in $mode mode is a stranger’s, whom no command touches',
    async ({ mode, number, victims, status }) => {
      await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 86431\nworker: sleep 86432 & wait\n' });
      const script = SCRIPT.replace('NUMBER', number).replace('VICTIMS', victims);
      const [file = '', ...args] = unshare(...OWN_PIDS);
      const ran = await rig.exec(file, [...args, 'bash', '-c', script], {
        env: { DEVCTL_MODE: mode, DEVCTL: `node ${DEVCTL}` },
      });
      expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
      expect(ran.stdout.split('\n').filter((line) => line.includes('stranger'))).toEqual(
        [`status: ${String(status)}`, 'stop: 0', 'start: 0', 'restart: 0', 'stop: 0'].map(
          (line) => `${line}, stranger alive, its child alive`,
        ),
      );
    },
  );
});
