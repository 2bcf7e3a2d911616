#!/bin/sh
# in-group.sh FILE... -- COMMAND... - joins the control groups that these cgroup.procs belong to, as far as they are there, and becomes the command.
while [ "$1" != -- ]; do
	echo $$ >"$1"
	shift
done 2>/dev/null
shift
exec "$@"
