import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What a parameter may be, as the `stripe` package declares it. */
export type Declared =
  | { is: 'text'; values: string[] | undefined }
  | { is: 'number' }
  | { is: 'flag' }
  | { is: 'list'; of: Declared }
  | { is: 'map' }
  | { is: 'record'; fields: Map<string, Field> }
  | { is: 'any of'; types: Declared[] };

/** Read when a request first names it. */
interface Field {
  required: boolean;
  type: () => Declared;
}

const resources = new URL('../../node_modules/stripe/esm/resources/', import.meta.url);
const sources = new Map<string, ts.SourceFile>();
const known = new Map<string, Declared>();

/** The parameters of a request, read from the package's own declarations: `declared('Customers', 'CustomerCreateParams')`. */
export function declared(file: string, name: string): Declared {
  const key = `${file} ${name}`;
  let found = known.get(key);
  if (!found) {
    found = new Reader(sourceOf(file)).read(name);
    known.set(key, found);
  }
  return found;
}

function sourceOf(file: string): ts.SourceFile {
  let source = sources.get(file);
  if (!source) {
    const text = readFileSync(new URL(`${file}.d.ts`, resources), 'utf8');
    source = ts.createSourceFile(`${file}.d.ts`, text, ts.ScriptTarget.Latest, true);
    sources.set(file, source);
  }
  return source;
}

type Named = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

/** Reads one declaration with all that it names; names are looked up from the namespace where they stand outwards. */
class Reader {
  private readonly named = new Map<string, Named>();

  constructor(source: ts.SourceFile) {
    this.collect(source.statements, '');
  }

  read(name: string): Declared {
    const path = [...this.named.keys()].find((each) => each === name || each.endsWith(`.${name}`));
    if (!path) throw new Error(`The package declares no ${name}`);
    return this.ofNamed(path);
  }

  private collect(statements: readonly ts.Statement[], within: string): void {
    for (const each of statements) {
      if (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each))
        this.named.set(within + each.name.text, each);
      if (ts.isModuleDeclaration(each) && each.body && ts.isModuleBlock(each.body))
        this.collect(each.body.statements, `${within}${each.name.text}.`);
    }
  }

  private ofNamed(path: string): Declared {
    const node = this.named.get(path)!;
    if (ts.isTypeAliasDeclaration(node)) return this.ofType(node.type, path);
    const fields = new Map<string, Field>();
    for (const parent of node.heritageClauses?.flatMap(({ types }) => types) ?? [])
      if (parent.getText() === 'PaginationParams')
        for (const each of ['starting_after', 'ending_before', 'limit'])
          fields.set(each, { required: false, type: () => (each === 'limit' ? { is: 'number' } : anyText) });
    const members = node.members.filter(ts.isPropertySignature);
    for (const { name, questionToken, type } of members)
      if (ts.isIdentifier(name) && type)
        fields.set(name.text, { required: !questionToken, type: once(() => this.ofType(type, path)) });
    return members.length === 0 && node.members.length > 0 ? { is: 'map' } : { is: 'record', fields };
  }

  private ofType(type: ts.TypeNode, path: string): Declared {
    if (ts.isArrayTypeNode(type)) return { is: 'list', of: this.ofType(type.elementType, path) };
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal))
      return { is: 'text', values: [type.literal.text] };
    if (ts.isUnionTypeNode(type))
      return joined(type.types.filter((each) => !isNull(each)).map((each) => this.ofType(each, path)));
    if (ts.isTypeLiteralNode(type)) return { is: 'map' };
    if (type.kind === ts.SyntaxKind.NumberKeyword) return { is: 'number' };
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return { is: 'flag' };
    if (ts.isTypeReferenceNode(type)) return this.ofReference(type, path);
    return anyText;
  }

  private ofReference(type: ts.TypeReferenceNode, path: string): Declared {
    const name = type.typeName.getText();
    const [inner] = type.typeArguments ?? [];
    if (name === 'Array' && inner) return { is: 'list', of: this.ofType(inner, path) };
    if (name === 'Emptyable' && inner)
      return joined([this.ofType(inner, path), { is: 'text', values: [''] }]);
    if (name === 'OtherString') return { is: 'text', values: [] };
    if (name === 'MetadataParam') return { is: 'map' };
    if (name === 'RangeQueryParam') return { is: 'any of', types: [{ is: 'number' }, { is: 'map' }] };
    if (name === 'Decimal') return { is: 'number' };
    for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('.')))) {
      const asked = from === '' ? name : `${from}.${name}`;
      if (this.named.has(asked)) return this.ofNamed(asked);
      if (from === '') return anyText;
    }
  }
}

function once<T>(work: () => T): () => T {
  let held: { value: T } | undefined;
  return () => (held ??= { value: work() }).value;
}

const anyText: Declared = { is: 'text', values: undefined };

const isNull = (type: ts.TypeNode): boolean =>
  ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword;

/** Texts of a union are one text with all their values. */
function joined(types: Declared[]): Declared {
  const texts = types.filter((each) => each.is === 'text');
  const others = types.filter((each) => each.is !== 'text');
  if (texts.length === 0) return others.length === 1 ? others[0]! : { is: 'any of', types: others };
  const values = texts.some((each) => each.values === undefined)
    ? undefined
    : texts.flatMap((each) => each.values ?? []);
  const text: Declared = { is: 'text', values };
  return others.length === 0 ? text : { is: 'any of', types: [...others, text] };
}
