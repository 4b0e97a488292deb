/** One rule broken on purpose: a text of a file in place of another, and the tests that are to notice. */
export interface Mutation {
  name: string;
  /** its number in the rule book, or the row of the features */
  rule: string;
  file: string;
  from: string;
  to: string;
  /** test files or folders; the first that fails is named */
  tests: string[];
}

export const mutations: Mutation[];
