import { parseDocument, visit } from 'yaml';
import { Failure } from '../domain/failure.ts';

/**
 * The value of a YAML or JSON text. Numbers come as the text that was written, so that `29.90` stays exact; quoted and bare numbers are
 * the same. Duplicate keys are refused.
 * @throws Failure usage with the file, line and column
 */
export function readYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  const error = document.errors[0];
  if (error) {
    const at = error.linePos?.[0];
    throw new Failure(
      'usage',
      `${file}${at ? `:${at.line}:${at.col}` : ''}: ${(error.message.split(/ at line |\n/)[0] ?? error.message).replace(/:$/, '')}`,
      { hint: 'Give a YAML or JSON file' },
    );
  }
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
    },
  });
  try {
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  } catch (error) {
    throw new Failure('usage', `${file}: ${(error as Error).message}`, { cause: error });
  }
}
