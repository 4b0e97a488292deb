import path from 'node:path';
import { packageRoot, packageVersion } from '../config/package-root.ts';
import { type Build, readBuild } from '../database/bundled-sql.ts';

let build: Build | undefined;

/** The build of the running program, read once: an update may replace the files later. */
export function currentBuild(): Build {
  return (build ??= readBuild({ folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() }));
}
