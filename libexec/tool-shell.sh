#!/bin/sh
# tool-shell.sh TEXT - CLAUDE_CODE_SHELL_PREFIX: Claude Code hands over the text that it would have given to its own shell.
# Joins the control group of tools, where it is there, and becomes that shell.
{ echo $$ >"$DEVCTL_TOOL_GROUP"; } 2>/dev/null
case $SHELL in */bash | */zsh) ;; *) SHELL=/bin/bash ;; esac
exec "$SHELL" -c "$1"
