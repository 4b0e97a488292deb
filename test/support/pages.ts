import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { commands } from './commands.ts';
import { root, subctl } from './cli.ts';
import { playedSql } from './page-sql.ts';
import { wordsOf } from './session.ts';

export interface Stage {
  env: Record<string, string>;
  /** where the page's files are written and its commands run */
  cwd: string;
}

/** What a page has said so far, in the order of its lines. */
interface Play extends Stage {
  /** given as --as-of to every command that takes it; a line `# It is 2026-03-01 09:00 UTC` sets it */
  asOf?: string;
  /** the newest id that was printed: `<id>` in a command stands for it */
  id?: string;
  /** the newest invitation code: the sample code of the pages stands for it */
  code?: string;
}

const sampleCode = 'PGPE-5DGD-CCRH-BS4T-X8E3';
const invitation = /\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){4}\b/;

const block = /^(```)([^\n]*)\n([\s\S]*?)^(```)$|^(<!-- before)()\n([\s\S]*?)^(-->)$/gm;
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/**
 * Plays a page of docs/ from top to bottom and gives it as it went. Played are the blocks
 * - `console`: lines that start with `$ ` are typed, what follows each is replaced by what it printed;
 * - `sql`: its statements are run; a line `--> ` after one is replaced by the rows that it returned;
 * - with a file's name behind the language, as `csv people.csv`: written to that file;
 * - `<!-- before … -->`: commands that are run and not shown; each must succeed.
 * With SUBCTL_UPDATE=1 the page is written again with what was printed.
 */
export async function playPage(file: string, stage: Stage): Promise<{ written: string; played: string }> {
  const place = path.join(root, file);
  const written = readFileSync(place, 'utf8');
  const play: Play = { ...stage };
  mkdirSync(stage.cwd, { recursive: true });
  let played = '';
  let end = 0;
  for (const found of written.matchAll(block)) {
    const [whole = '', open = '', label = '', text = '', close = ''] = found.filter(
      (part) => part !== undefined,
    );
    played += written.slice(end, found.index);
    played += `${open}${label}\n${await blockPlayed(play, open + label, text)}${close}`;
    end = found.index + whole.length;
  }
  played += written.slice(end);
  if (process.env['SUBCTL_UPDATE']) writeFileSync(place, played);
  return { written: process.env['SUBCTL_UPDATE'] ? played : written, played };
}

async function blockPlayed(play: Play, label: string, text: string): Promise<string> {
  const [language = '', name] = label.replace('```', '').split(' ');
  if (label === '<!-- before') return behindTheScenes(play, text);
  if (language === 'console') return sessionPlayed(play, text);
  if (language === 'sql' && !name) return playedSql(play.env['DATABASE_URL']!, text);
  if (name) writeFileSync(path.join(play.cwd, name), text);
  return text;
}

/** Runs the lines of a hidden block, or of a script: what fails there, and has no `||` behind it, is a mistake of the page. */
export async function behindTheScenes(play: Play, text: string): Promise<string> {
  for (const line of commandsOf(text).map(({ typed }) => typed)) {
    setClock(play, line);
    if (!line.startsWith('$ ')) continue;
    const [command = '', otherwise] = line.slice(2).split(' || ');
    const { code, stdout, stderr } = await run(play, command);
    if (code !== 0 && otherwise === undefined)
      throw new Error(`${line} ended with exit code ${code}: ${stderr}${stdout}`);
  }
  return text;
}

async function sessionPlayed(play: Play, text: string): Promise<string> {
  const lines: string[] = [];
  for (const { written, typed } of commandsOf(text)) {
    lines.push(...written);
    setClock(play, typed);
    if (!typed.startsWith('$ ')) continue;
    const { code, stdout, stderr } = await run(play, typed.slice(2));
    const shown = steady(play, [stdout, stderr].join('').replaceAll('\r\n', '\n'));
    lines.push(
      ...(shown === ''
        ? []
        : shown
            .replace(/\n$/, '')
            .split('\n')
            .map((each) => each.trimEnd())),
    );
    if (code !== 0) lines.push(`(exit code ${code})`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The lines that are typed, and comments (not what was printed and begins with #); a line that ends with a backslash goes on in the next. */
function commandsOf(text: string): { written: string[]; typed: string }[] {
  const found: { written: string[]; typed: string }[] = [];
  let isOpen = false;
  let isPrinted = false;
  for (const line of text.split('\n')) {
    if (isOpen) {
      const last = found.at(-1)!;
      last.written.push(line);
      last.typed += line.trim().replace(/\\$/, '');
    } else if (/^\$ |^# It is /.test(line) || (line.startsWith('# ') && !isPrinted)) {
      found.push({ written: [line], typed: line.replace(/\\$/, '') });
    }
    isPrinted = line !== '' && (isPrinted || line.startsWith('$ '));
    isOpen = found.at(-1)?.written.at(-1) === line && line.endsWith('\\');
  }
  return found;
}

function setClock(play: Play, line: string): void {
  const time = /^# It is (\d{4}-\d\d-\d\d)(?: (\d\d:\d\d))? UTC\b/.exec(line);
  if (time) play.asOf = `${time[1]}T${time[2] ?? '00:00'}Z`;
}

/** Runs one line as a shell would: subctl in this process, `cat` and `export` beside it, `> FILE` at the end. */
async function run(play: Play, line: string) {
  const [, command = '', target] = /^(.*?)(?: > (\S+))?$/.exec(line)!;
  const typed = command.replaceAll('<id>', play.id ?? '<id>').replaceAll(sampleCode, play.code ?? sampleCode);
  const { variables, words } = wordsOf(typed);
  const [program = '', ...args] = words;
  const done = await ranBy(play, program, args, variables);
  if (target) writeFileSync(path.resolve(play.cwd, target), done.stdout);
  return { ...done, ...(target && { stdout: '' }) };
}

async function ranBy(play: Play, program: string, args: string[], variables: Record<string, string>) {
  if (program === 'cat')
    return { code: 0, stdout: readFileSync(path.join(play.cwd, args[0]!), 'utf8'), stderr: '' };
  if (program === 'export') {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(args[0]!)!;
    play.env = { ...play.env, [name]: value };
    return { code: 0, stdout: '', stderr: '' };
  }
  if (program !== 'subctl') throw new Error(`Pages run subctl, cat and export, not ${program}`);
  const clock = play.asOf && takesAsOf(args) && !args.includes('--as-of') ? ['--as-of', play.asOf] : [];
  const env = { ...play.env, ...variables };
  const done = await subctl([...args, ...clock], { env, cwd: play.cwd });
  play.id = `${done.stdout}${done.stderr}`.match(uuid)?.at(-1) ?? play.id ?? '';
  play.code = invitation.exec(done.stdout)?.[0] ?? play.code ?? sampleCode;
  return done;
}

function takesAsOf([noun = '', verb = '']: string[]): boolean {
  const spec = commands.find(({ path: each }) => each === `${noun} ${verb}` || each === noun);
  return spec?.asOf === true;
}

/** What is printed, without what differs from one machine or run to the next. */
function steady({ cwd, env, code = sampleCode }: Play, text: string): string {
  return text
    .replaceAll(code, sampleCode)
    .replaceAll(`ending      ${code.slice(-4)}`, `ending      ${sampleCode.slice(-4)}`)
    .replaceAll(cwd, '/home/you/shop')
    .replaceAll(env['DATABASE_URL'] ?? '\0', 'postgres://you@localhost/shop')
    .replaceAll(process.execPath, '/usr/bin/node')
    .replaceAll(root, '/opt/subctl')
    .replaceAll(homedir(), '/home/you')
    .replaceAll(new RegExp(`\\b${hostname()}\\b`, 'g'), 'shop-1')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(?!000)\d{3}Z/g, '2026-11-30T12:00:00.123Z')
    .replace(/\b[\d.]+ kB\b/g, '51 kB')
    .replace(
      /\bschema \d+ by subctl [\d.]+, on PostgreSQL [\d.]+(?: \([^)]*\))?/g,
      'schema 38 by subctl 0.1.0, on PostgreSQL 18',
    )
    .replace(/\b\d+ of \d+ tables/g, '723 of 90 tables')
    .replace(uuid, '<id>');
}
