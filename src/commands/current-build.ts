import path from 'node:path';
import { packageRoot, packageVersion } from '../config/package-root.ts';
import { type Build, readBuild } from '../database/bundled-sql.ts';

let build: Build | undefined;

/** The build of the program that runs, as its files said when it began: an update may replace them later. */
export function currentBuild(): Build {
  return (build ??= readBuild({ folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() }));
}
