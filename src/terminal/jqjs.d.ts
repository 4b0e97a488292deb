declare module '@michaelhomer/jqjs' {
  const jq: { compile(expression: string): (input: unknown) => Iterable<unknown> };
  export default jq;
}
