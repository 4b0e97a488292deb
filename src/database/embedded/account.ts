import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Failure } from '../../domain/failure.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';

/** The account that the server's processes run as; `undefined` means our own (also on Windows). */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const candidates = ['subctl', 'postgres', 'nobody'];

/**
 * Who runs the server of `place`. PostgreSQL refuses to run as root, so root takes the owner of the data, else `wanted` (SUBCTL_PG_USER), else
 * the first of subctl, postgres and nobody that exists. Anyone else runs it as himself, and only if the data is his.
 * Failure `config` when there is no such account or the data belongs to another one.
 */
export function accountOf(paths: EmbeddedPaths, wanted?: string): Account | undefined {
  if (!process.getuid) return undefined;
  const owner = statSync(paths.data, { throwIfNoEntry: false })?.uid;
  if (process.getuid() !== 0) {
    if (owner !== undefined && owner !== process.getuid()) throw belongsTo(paths, owner);
    return undefined;
  }
  if (owner === 0) {
    throw new Failure(
      'config',
      `The embedded database in ${paths.data} belongs to root, and PostgreSQL refuses to run as root`,
      {
        hint: `chown -R postgres ${paths.data}`,
      },
    );
  }
  if (owner !== undefined) return { name: nameOf(owner), uid: owner, gid: groupOf(owner) };
  return chooseAccount(wanted);
}

/** initdb (not postgres itself) needs our uid in the passwd database; a container's random uid is not. Failure `config`. */
export function requirePasswdEntry(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new Failure(
      'config',
      `This account (uid ${process.getuid?.()}) has no entry in /etc/passwd, and PostgreSQL cannot create a database without one`,
      {
        hint: 'set DATABASE_URL to your own PostgreSQL, or run as an account that has an entry',
        cause,
      },
    );
  }
}

function chooseAccount(wanted: string | undefined): Account {
  if (wanted) {
    const found = lookUp(wanted);
    if (found && found.uid !== 0) return found;
    const problem = found ? 'is root, as which PostgreSQL refuses to run' : 'does not exist';
    throw new Failure('config', `SUBCTL_PG_USER is '${wanted}', an account that ${problem}`, {
      hint: 'SUBCTL_PG_USER=postgres',
    });
  }
  for (const name of candidates) {
    const found = lookUp(name);
    if (found && found.uid !== 0) return found;
  }
  throw new Failure(
    'config',
    `PostgreSQL refuses to run as root, and none of the accounts ${candidates.join(', ')} exists`,
    {
      hint: 'useradd --system subctl, or set DATABASE_URL',
    },
  );
}

function lookUp(name: string): Account | undefined {
  const line = passwdLines().find((fields) => fields[0] === name);
  if (line) return { name, uid: Number(line[2]), gid: Number(line[3]) };
  const ask = (option: string) => spawnSync('/usr/bin/id', [option, '--', name], { encoding: 'utf8' }); // LDAP and the like
  const uid = ask('-u');
  return uid.status === 0 ? { name, uid: Number(uid.stdout), gid: Number(ask('-g').stdout) } : undefined;
}

function nameOf(uid: number): string {
  return passwdLines().find((fields) => fields[2] === String(uid))?.[0] ?? `uid ${uid}`;
}

function groupOf(uid: number): number {
  return Number(passwdLines().find((fields) => fields[2] === String(uid))?.[3] ?? uid);
}

function passwdLines(): string[][] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}

function belongsTo(paths: EmbeddedPaths, owner: number): Failure {
  return new Failure(
    'config',
    `The embedded database in ${paths.data} belongs to the account ${nameOf(owner)}`,
    {
      hint: `run subctl as ${nameOf(owner)} or as root, or choose another folder with SUBCTL_HOME`,
    },
  );
}
