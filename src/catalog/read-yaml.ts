import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { Failure } from '../domain/failure.ts';
import { faultOfText, faultOfValue } from '../domain/nesting.ts';

/**
 * Parses YAML or JSON. Numbers keep the text that was written, so that `29.90` stays exact; quoted and bare numbers are equal. Duplicate
 * keys are refused.
 * @throws Failure usage with the file, line and column
 */
export function readYaml(text: string, file: string): unknown {
  const fault = faultOfText(text);
  if (fault) throw new Failure('usage', `${file} ${fault}`);
  // pretty errors each quote their line, which may be the whole file
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter, merge: true, logLevel: 'error' });
  const error = document.errors[0];
  if (error) {
    const at = lineCounter.linePos(error.pos[0]);
    const why = error.message.split('\n')[0]!;
    const several = error.code === 'MULTIPLE_DOCS';
    throw new Failure(
      'usage',
      `${file}:${at.line}:${at.col}: ${several ? 'a second document begins' : why}`,
      { hint: several ? 'Give one document' : 'Give a YAML or JSON file' },
    );
  }
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
    },
  });
  return valueOf(document, file);
}

function valueOf(document: Document, file: string): unknown {
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    throw new Failure('usage', `${file} uses its aliases too often: at most 1000 times`, {
      cause: error,
    });
  }
  const fault = faultOfValue(value);
  if (fault) throw new Failure('usage', `${file} ${fault}`);
  return value;
}
