import type { CommandFacts } from '../src/commands/describe.ts';
import type { Parameter } from '../src/database/parameters.ts';
import type * as failures from '../src/domain/failure.ts';

export interface Program {
  commands: readonly CommandFacts[];
  pages: ReadonlyMap<string, string>;
  connection: { parameters: Readonly<Record<string, Parameter>> };
  failures: Pick<typeof failures, 'failureKinds' | 'exitCodeOf' | 'meaningOf'>;
}

export function fillBlocks(text: string, program: Program): string;
