#!/usr/bin/env node
keepCompiled();
require('../dist/main.cjs')
  .main()
  .then((code) => {
    process.exitCode = code;
  });

// Node 22 and later keep compiled code between starts. Only in a cache folder of the account's own: code that others could write would be run.
function keepCompiled() {
  const { enableCompileCache } = require('node:module');
  const { HOME, XDG_CACHE_HOME } = process.env;
  const home = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  if (!enableCompileCache || !home || !process.getuid) return;
  const { uid, mode } = require('node:fs').statSync(home, { throwIfNoEntry: false }) ?? {};
  if (uid === process.getuid() && !(mode & 0o022)) enableCompileCache(`${home}/subctl`);
}
