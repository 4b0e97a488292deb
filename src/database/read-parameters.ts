import { type Parameter, parameters } from './parameters.ts';
import { decode, refused } from './url-values.ts';

/**
 * What is asked of a connection: the parameters of the URL's `search`, and libpq's variables where the URL is silent. `said` are the
 * parameters that the rest of the URL has said: no variable leads to another host than the one it names.
 * @throws Failure config for a parameter that is not known, or asks for what is not done
 */
export function readParameters(
  search: string,
  env: NodeJS.ProcessEnv,
  said: ReadonlySet<string>,
): Map<string, string> {
  const asked = readSearch(search);
  for (const [name, parameter] of Object.entries(parameters)) {
    const { variable } = parameter;
    const value = variable && env[variable];
    if (!value || asked.has(name) || said.has(name)) continue;
    if (parameter.does === 'done') asked.set(name, value);
    if ((parameter.protects || name === 'service') && asksFor(parameter, value))
      throw refused(`the variable ${variable} asks for what subctl does not do${more(parameter)}`);
  }
  return asked;
}

function readSearch(search: string): Map<string, string> {
  const asked = new Map<string, string>();
  for (const part of search.split('&').filter(Boolean)) {
    const [written = '', ...rest] = part.split('=');
    const name = decode(written);
    const value = decode(rest.join('='));
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter) throw refused(`it has an option '${name}' that subctl does not know`);
    if (parameter.does === 'refused' && asksFor(parameter, value))
      throw refused(`it has an option '${name}' that subctl does not know how to do${more(parameter)}`);
    if (parameter.does === 'done') asked.set(name, value);
  }
  return asked;
}

function asksFor({ ignorable = [] }: Parameter, value: string): boolean {
  return !ignorable.includes(value);
}

function more({ note }: Parameter): string {
  return note ? ` (${note})` : '';
}
