#!/usr/bin/env node
require('../dist/cached.js').load(require.resolve('../dist/main.js'));
