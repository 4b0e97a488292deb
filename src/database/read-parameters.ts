import { type Parameter, parameters } from './parameters.ts';
import { readService } from './service-file.ts';
import { decode, refused } from './url-values.ts';

/**
 * What is asked of a connection: the parameters of the URL's `search`, those of its service where the URL is silent, and libpq's variables
 * where both are. `said` are the parameters that the rest of the URL has said: no variable and no service leads to another host than the
 * one it names.
 * @throws Failure config for a parameter that is not known, or asks for what is not done
 */
export function readParameters(
  search: string,
  env: NodeJS.ProcessEnv,
  said: ReadonlySet<string>,
): Map<string, string> {
  const asked = readSearch(search);
  addService(asked, env, said);
  addVariables(asked, env, said);
  return asked;
}

function addService(asked: Map<string, string>, env: NodeJS.ProcessEnv, said: ReadonlySet<string>): void {
  const service = asked.get('service') || env['PGSERVICE'];
  if (!service) return;
  for (const [name, value] of readService(service, asked.get('servicefile'), env)) {
    const parameter = known(name, value, `the service '${service}'`);
    if (parameter.does === 'done' && !asked.has(name) && !said.has(name)) asked.set(name, value);
  }
}

function addVariables(asked: Map<string, string>, env: NodeJS.ProcessEnv, said: ReadonlySet<string>): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    const { variable } = parameter;
    const value = variable && env[variable];
    if (!value || asked.has(name) || said.has(name)) continue;
    if (parameter.does === 'done') asked.set(name, value);
    if (parameter.protects && parameter.does === 'refused' && asksFor(parameter, value))
      throw refused(`the variable ${variable} asks for what subctl does not do${more(parameter)}`);
  }
}

function readSearch(search: string): Map<string, string> {
  const asked = new Map<string, string>();
  for (const part of search.split('&').filter(Boolean)) {
    const [written = '', ...rest] = part.split('=');
    const name = decode(written);
    const value = decode(rest.join('='));
    if (known(name, value, 'it').does === 'done') asked.set(name, value);
  }
  return asked;
}

/** What subctl does with a parameter. @throws Failure config when `whose` asks for what is not known or not done */
function known(name: string, value: string, whose: string): Parameter {
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (!parameter) throw refused(`${whose} has an option '${name}' that subctl does not know`);
  if (parameter.does === 'refused' && asksFor(parameter, value))
    throw refused(`${whose} has an option '${name}' that subctl does not know how to do${more(parameter)}`);
  return parameter;
}

function asksFor({ ignorable = [] }: Parameter, value: string): boolean {
  return !ignorable.includes(value);
}

function more({ note }: Parameter): string {
  return note ? ` (${note})` : '';
}
