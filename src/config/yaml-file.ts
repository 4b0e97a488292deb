import { parse } from 'yaml';
import { Failure } from '../domain/failure.ts';
import { faultOfText, faultOfValue } from '../domain/nesting.ts';
import { nearest } from '../domain/nearest.ts';
import { settingSpecs } from './keys.ts';

/**
 * The settings in the text of a YAML file: text by its key, `timetable` and `pings` as they stand there.
 * @throws Failure config for what is not YAML, a key that is not known (naming the nearest), and a value that is no text
 */
export function parseSettings(text: string, file: string): Record<string, unknown> {
  const deep = faultOfText(text);
  if (deep) throw new Failure('config', `${file} ${deep}`);
  let found: unknown;
  try {
    found = parse(text, { logLevel: 'error' }) ?? {}; // or Node writes the library's warnings to stderr
  } catch (error) {
    throw new Failure('config', `${file} is not YAML: ${(error as Error).message.split('\n')[0]}`, {
      cause: error,
    });
  }
  const fault = faultOfValue(found);
  if (fault) throw new Failure('config', `${file} ${fault}`);
  const known = [...settingSpecs.map(({ key }) => key as string), 'timetable', 'pings'];
  const hint = `settings: ${known.join(', ')}`;
  if (typeof found !== 'object' || Array.isArray(found))
    throw new Failure('config', `${file} is not a list of settings, key: value`, { hint });
  for (const [key, value] of Object.entries(found as object)) {
    if (key === 'timetable' || key === 'pings') continue;
    const spec = settingSpecs.find((one) => one.key === key);
    const near = nearest(key, known);
    if (!spec)
      throw new Failure(
        'config',
        `${file} has a setting '${key}' that is not known${near ? `, did you mean ${near}?` : ''}`,
        { hint },
      );
    if ('environmentOnly' in spec)
      throw new Failure('config', `${file} holds the setting ${key}, which is a secret`, {
        hint: `take it out, and set ${spec.variables[0]} or ${spec.variables[0]}_FILE`,
      });
    if (value !== null && typeof value !== 'string')
      throw new Failure('config', `The setting ${key} in ${file} is not text`, { hint: 'put it in quotes' });
  }
  return found as Record<string, unknown>;
}
