#!/bin/sh
# tool-shell.sh TEXT - CLAUDE_CODE_SHELL_PREFIX: Claude Code hands over the text that it would have given to its own shell.
# Joins the control groups of tools, where they are there, and becomes that shell.
IFS=:
for group in $DEVCTL_TOOL_GROUPS; do { echo $$ >"$group"; } 2>/dev/null; done
case $SHELL in */bash | */zsh) ;; *) SHELL=/bin/bash ;; esac
exec "$SHELL" -c "$1"
