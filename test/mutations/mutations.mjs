// Rules broken on purpose, one at a time: `npm run mutations` sees that the named tests notice. `from` stands once in its file.
import { applicationMutations } from './applications.mjs';
import { engineMutations } from './engine.mjs';
import { firstUseMutations } from './first-uses.mjs';
import { keptRulesMutations } from './kept-rules.mjs';
import { periodMutations } from './periods.mjs';

export const mutations = [
  ...engineMutations,
  ...keptRulesMutations,
  ...firstUseMutations,
  ...periodMutations,
  ...applicationMutations,
];
