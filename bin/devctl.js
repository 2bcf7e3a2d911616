#!/usr/bin/env sh
':' //; exec node -- "$0" "$@" # "--": Node 20 takes an --env-file from behind the script's name, and ends where there is no such file
require('../dist/cached.js').load(require.resolve(process.argv[2] === 'hook' ? '../dist/hook.js' : '../dist/main.js'));
