#!/usr/bin/env node
require('../dist/main.cjs')
  .main()
  .then((code) => {
    process.exitCode = code;
  });
