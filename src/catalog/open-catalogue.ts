import path from 'node:path';
import { readWhole } from '../config/read-whole.ts';
import { Failure } from '../domain/failure.ts';
import { decodeUtf8 } from '../domain/utf8.ts';
import { nearest } from '../domain/nearest.ts';
import { readYaml } from './read-yaml.ts';
import { shippedPresets } from './shipped.ts';

/** One catalogue layout, not yet read, and its name in messages and in the database. */
export interface OpenedCatalogue {
  name: string;
  file: string;
  value: unknown;
}

/**
 * Opens the catalogue of a name or file: a shipped preset's name, or a YAML or JSON file (relative to `cwd`) with one layout or with
 * several under `presets:`, of which `preset` chooses one.
 * @throws Failure not_found when there is neither, usage when the file cannot be read or has several and none was chosen
 */
export async function openCatalogue(
  nameOrFile: string,
  { cwd, preset }: { cwd: string; preset?: string | undefined },
): Promise<OpenedCatalogue> {
  const presets = shippedPresets();
  if (Object.hasOwn(presets, nameOrFile) && preset === undefined)
    return { name: nameOrFile, file: nameOrFile, value: presets[nameOrFile] };
  const text = await readIfThere(path.resolve(cwd, nameOrFile));
  if (text === undefined) throw noSuch(nameOrFile, Object.keys(presets));
  return choosePreset(readYaml(text, nameOrFile), nameOrFile, preset);
}

/** Finds one layout in a file's value. */
export function choosePreset(value: unknown, file: string, preset?: string): OpenedCatalogue {
  const presets = (value as { presets?: unknown } | null)?.presets;
  if (typeof presets !== 'object' || presets === null) {
    if (preset !== undefined)
      throw new Failure('usage', `${file} has no presets:, so --preset ${preset} cannot be chosen`, {
        hint: 'Omit --preset',
      });
    return { name: path.basename(file).replace(/\.(ya?ml|json)$/i, ''), file, value };
  }
  const names = Object.keys(presets);
  const name = preset ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    throw new Failure('usage', `${file} has ${names.length} presets`, {
      hint: `Choose one with --preset: ${names.join(', ')}`,
    });
  if (!names.includes(name)) throw noSuchPreset(file, name, names);
  return { name, file: `${file} (${name})`, value: (presets as Record<string, unknown>)[name] };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return decodeUtf8(await readWhole(file), `The file ${file}`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure('usage', `The file ${file} cannot be read: ${message}`, { cause: error });
  }
}

function noSuch(given: string, names: string[]): Failure {
  const near = nearest(given, names);
  return new Failure(
    'not_found',
    `There is no shipped catalogue and no file '${given}'${near ? `, did you mean ${near}?` : ''}`,
    {
      hint: `Give a file, or one of: ${names.join(', ')}`,
    },
  );
}

function noSuchPreset(file: string, name: string, names: string[]): Failure {
  const near = nearest(name, names);
  return new Failure('not_found', `${file} has no preset '${name}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: `It has: ${names.join(', ')}`,
  });
}
