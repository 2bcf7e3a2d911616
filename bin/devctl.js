#!/usr/bin/env sh
':' //; case $1 in claude | run | orchestrate | worker | executor) DEVCTL_SIGNALS=$(sed -n 's/^SigIgn:.//p' /proc/$$/status 2>/dev/null); export DEVCTL_SIGNALS ;; esac; exec node -- "$0" "$@"
// In sh the line above starts this file with Node. "--": Node 20 takes an --env-file from behind the script's name, and ends where there
// is no such file. DEVCTL_SIGNALS: which signals we were told to ignore (nohup), which Node forgets, and a command in our place must not.
require('../dist/cached.js').load(require.resolve(process.argv[2] === 'hook' ? '../dist/hook.js' : '../dist/main.js'));
