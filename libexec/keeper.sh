#!/bin/sh
# keeper.sh NAME - leads one service's session, runs its command, records how it ended, starts it again. Portable sh.
#   $DEVCTL_RUN_DIR/NAME.spec   read: k_cmd, k_shell, k_cwd, k_policy (never|on-failure|always), k_run, k_mark, k_reset; the exports
#   $DEVCTL_RUN_DIR/NAME.stdin  a FIFO for the service's stdin, where there is no terminal
#   $DEVCTL_RUN_DIR/NAME.exit   written by rename: run, code, seconds, restarts, state (running|company|backoff|gave-up|ended)
#   $DEVCTL_RUN_DIR/NAME.stopping, stopping   their existence forbids another start
#
# The service's shell leads a process group without us, so that `kill 0` and `kill -TERM -$$` in it mean what they say.
# On a terminal it is our foreground job; a shell acts on a trap only when that is over, so there we set none (INT
# only to outlive it): when we end, who lead the session, the kernel hangs up on it. Without one it runs beside us in a session of its own, and a
# signal to us goes on to it; `&` takes its stdin and makes it deaf to INT and QUIT, which fd 3 and k_reset give back.
# All our variables begin with k_: the others are the service's.

k_name=$1 k_dir=$DEVCTL_RUN_DIR k_fails=0 k_restarts=0 k_code=143 k_child= k_told= k_lived=
unset DEVCTL_RUN_DIR
has() { command -v "$1" >/dev/null; }
now() { if [ -r /proc/uptime ]; then read -r k_up _ </proc/uptime; k_up=${k_up%.*}; else k_up=$(date +%s); fi; }
ordered() { [ -e "$k_dir/$k_name.stopping" ] || [ -e "$k_dir/stopping" ]; }
stopping() { [ -n "$k_told" ] || ordered; }
record() { # state
	printf 'run=%s\ncode=%s\nseconds=%s\nrestarts=%s\nstate=%s\n' "$k_run" "$k_code" "$k_lived" "$k_restarts" "$1" \
		>"$k_dir/$k_name.exit.$$" && mv -f "$k_dir/$k_name.exit.$$" "$k_dir/$k_name.exit"
} 2>/dev/null

company() { # does anyone of the session live besides us? Our end would hang up on it, another start fight it for its port
	if [ -r /proc/self/stat ]; then
		for k_f in /proc/[0-9]*/stat; do
			{ read -r k_line <"$k_f"; } 2>/dev/null || continue
			k_f=${k_f#/proc/}
			set -- "${k_f%/stat}" ${k_line##*) }   # pid, state, ppid, pgid, session
			case $1:$2:$5 in $$:* | *:Z:*) ;; *:$$ | *:"$k_child") return 0 ;; esac
		done
		return 1
	fi
	if [ -n "$k_child" ]; then set -- $(ps -A -o pid=,pgid= | awk -v g="$k_child" '$2 == g { print $1 }')
	else set -- $(ps -t "$(tty)" -o pid=); fi
	for k_f; do [ "$k_f" = $$ ] || ! kill -0 "$k_f" 2>/dev/null || return 0; done
	return 1
}
settle() { # how long did it live? Then stay while there is company that our end, or the next start, would hurt
	now
	k_lived=$((k_up - k_began))
	case $k_lead:$k_policy in job:* | *:on-failure | *:always) ;; *) return ;; esac
	# In a pane that is being stopped: whoever stops it ends us when the others are gone. To wait without a child, we read.
	if [ "$k_lead" = job ] && ordered; then record ended; while read -r k_line && ordered; do :; done; return; fi
	company || return
	record company
	while company && ! { [ "$k_lead" = beside ] && ordered; }; do sleep 1 3<&- || return; done   # a second Ctrl-C ends the rest
}

resume() { # still a job of ours? Then it is stopped: Ctrl-Z we undo, STOP is somebody's will. By recursion, as bash leaves a loop there
	kill -0 %1 2>/dev/null || return
	if [ "$(kill -l "$k_code")" = STOP ]; then
		k_pid=$(jobs -p)   # empty in dash, which knows %1 even after its end
		while ps -A -o ppid=,stat= | grep -q "^ *$$ *T"; do sleep 0.2; done
		kill -0 %1 2>/dev/null || { wait "${k_pid:-%1}" 2>/dev/null; k_code=$?; [ $k_code != 127 ] || k_code=137; return; }
	fi
	k_code=130; fg %1 >/dev/null; k_code=$?   # bash takes fd 2 for its terminal: leave that alone
	resume
}
run_job() {
	k_code=130   # what stays where bash abandons us: its foreground job died of INT
	$k_words $k_shell -c "$k_cmd" 3<&-; k_code=$?
	resume
}
run_beside() {
	k_hit=
	trap 'k_hit=1 k_told=1; kill -TERM "-$k_child"; kill -CONT "-$k_child"' TERM INT HUP 2>/dev/null
	$k_words $k_shell -c "$k_cmd" <&3 3<&- & k_child=$!
	wait "$k_child" 2>/dev/null; k_code=$?   # dash would write "Terminated" into the log
	while [ -n "$k_hit" ]; do   # the trap cut the wait short: ask again; 127, and in bash 5.2 -1: the first answer was the last
		k_hit=
		wait "$k_child" 2>/dev/null; k_r=$?
		case $k_r in 127 | -1) ;; *) k_code=$k_r ;; esac
	done
	trap - TERM INT HUP
}

. "$k_dir/$k_name.spec"
# The mark that no daemon can scrub off: RLIMIT_LOCKS, unused since Linux 2.4, inherited for ever. dash -w, bash -x.
[ -z "$k_mark" ] || ulimit -S -w "$k_mark" 2>/dev/null || ulimit -S -x "$k_mark" 2>/dev/null
[ ! -p "$k_dir/$k_name.stdin" ] || exec 0<>"$k_dir/$k_name.stdin"
exec 3<&0
[ ! -t 0 ] || set -m
k_words=$k_reset
if case $- in *m*) ;; *) false ;; esac then
	k_lead=job
	[ -n "$BASH_VERSION" ] || k_words=   # bash makes its job deaf to TTIN, TTOU
	trap 'k_told=INT' INT                # dash dies of the INT that its foreground job died of
elif [ -n "$k_words" ] && has setsid; then k_lead=beside k_words="$k_words setsid"
elif has perl; then k_lead=beside k_words='perl -e $SIG{INT}=$SIG{QUIT}="DEFAULT";setpgrp;exec@ARGV'
elif has setsid; then k_lead=beside k_words=setsid
else k_lead=beside k_words=; fi
cd "$k_cwd" || { k_code=126 k_lived=0; record ended; exit 126; }

while :; do
	now; k_began=$k_up k_lived=
	if [ "$k_lead" = job ]; then run_job; else run_beside; fi
	[ "$k_code" != 130 ] || k_told=INT   # Ctrl-C in a pane reaches the job only
	settle; k_child=
	case $k_policy:$k_code in never:* | on-failure:0) break ;; esac
	stopping && break
	[ "$k_lived" -lt 10 ] || k_fails=0
	k_fails=$((k_fails + 1)) k_restarts=$((k_restarts + 1))
	if [ "$k_fails" -gt 5 ]; then
		echo "devctl: $k_name ended with code $k_code; it failed 5 times in a row, and is not started again"
		record gave-up; exit "$k_code"
	fi
	echo "devctl: $k_name ended with code $k_code after $k_lived s; starting it again in $((k_fails * k_fails)) s"
	record backoff
	sleep $((k_fails * k_fails)) 3<&- || break   # a signal that ends the nap ends us
	stopping && break
	record running
done
[ -n "$k_lived" ] || settle   # bash drops a loop whose foreground job died of INT
record ended
exit "$k_code"
