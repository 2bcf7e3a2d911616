#!/bin/sh
# tool-shell.sh TEXT - CLAUDE_CODE_SHELL_PREFIX: Claude Code hands over the text that it would have given to a shell of its own.
# Joins the control groups of tools, where they are there, and becomes that shell: for a tool call the user's, else sh. What
# it runs does not see that we were here.
IFS=:
for devctl_group in $DEVCTL_TOOL_GROUPS; do { echo $$ >"$devctl_group"; } 2>/dev/null; done
unset IFS DEVCTL_TOOL_GROUPS CLAUDE_CODE_SHELL_PREFIX
case $1 in
*/shell-snapshots/* | *'pwd -P >| '*)
	[ -z "$CLAUDE_CODE_SHELL" ] || exec "$CLAUDE_CODE_SHELL" -c "$1"
	case $SHELL in */bash | */zsh) exec "$SHELL" -c "$1" ;; *) exec /bin/bash -c "$1" ;; esac
	;;
*) exec /bin/sh -c "$1" ;;
esac
