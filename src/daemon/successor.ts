import type { Build } from '../database/bundled-sql.ts';
import { checkSchema } from '../database/check-schema.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import type { Log } from './log.ts';
import type { ProgramFiles } from './other-build.ts';

interface SuccessorParts {
  /** the build that runs */
  build: Build;
  files: ProgramFiles | undefined;
  log: Log;
}

/** Another build that has replaced the files of the program: whether it is there, and whether it can work. */
export class Successor {
  readonly #parts: SuccessorParts;
  #reason: Failure | undefined;
  /** what was said of another build that cannot work yet */
  #blockedBuild: string | undefined;

  constructor(parts: SuccessorParts) {
    this.#parts = parts;
  }

  /** why the daemon ends: another build is there and can work */
  get reason(): Failure | undefined {
    return this.#reason;
  }

  find(): Build | undefined {
    return this.#parts.files?.findOther();
  }

  /** Notes that the daemon ends for another build; gives the reason to stop by. */
  stopFor({ program }: Build): Failure {
    const isNamesake = program === this.#parts.build.program;
    const says = `The program was replaced by subctl ${program}${isNamesake ? ', another build' : ''}`;
    this.#reason = new Failure('unavailable', `${says}: this daemon has ended to let it begin`, {
      hint: 'start it again: subctl daemon (systemd does so by itself)',
    });
    return new Failure('terminated', says);
  }

  /** The reason to stop by, once another build can work; while the database is not set up for it, this one goes on. */
  async check(db: Db): Promise<Failure | undefined> {
    const other = this.find();
    if (!other) return undefined;
    try {
      await checkSchema(db, other);
      return this.stopFor(other);
    } catch (error) {
      const failure = refusalOf(error);
      if (failure?.kind !== 'config') throw error;
      const says = `The program was replaced by subctl ${other.program}, which cannot work yet: ${failure.message}`;
      if (this.#blockedBuild !== says) this.#parts.log.warn({ hint: failure.hint }, says);
      this.#blockedBuild = says;
      return undefined;
    }
  }
}
