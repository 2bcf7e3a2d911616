#!/usr/bin/env node
require('../dist/cached.js').load(require.resolve(process.argv[2] === 'hook' ? '../dist/hook.js' : '../dist/main.js'));
