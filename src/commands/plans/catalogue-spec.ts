import { type Loading, command } from '../command.ts';

const presetOption = {
  flag: '--preset',
  value: 'name',
  about: 'which catalogue of a file that has several',
} as const;

export const loadPlans = command({
  path: 'plans load',
  summary: 'Load a catalogue of plans from a file or a shipped one',
  description:
    'What is missing is added; what is the same is left alone, so a second load changes nothing; what the file does not have is left ' +
    'alone too. What is there but otherwise is a conflict that names each difference, unless --update is given: then it is changed as ' +
    'plans edit would, and present subscribers stay on their version.',
  group: 'sell',
  arguments: [
    {
      name: 'catalogue',
      about: 'a YAML or JSON file, or a shipped catalogue: mobix, sketchmaker, omnifin, alwrity …',
    },
  ],
  options: [presetOption, { flag: '--update', about: 'change what the database has otherwise' }],
  examples: [
    { command: 'subctl plans load sketchmaker --dry-run', about: 'what a shipped catalogue would add' },
    { command: 'subctl plans load plans.yaml --update', about: 'bring a file of your own up to date' },
  ],
  exits: [3, 4, 8],
  rows: true,
  writes: true,
  asOf: true,
  load: (): Loading => import('./load.ts'),
});

export const exportPlans = command({
  path: 'plans export',
  summary: 'Print the catalogue as a file that plans load reads',
  group: 'sell',
  options: [{ flag: '--json', about: 'as JSON, not YAML' }],
  examples: [
    { command: 'subctl plans export > plans.yaml', about: 'keep the catalogue in a file' },
    { command: 'subctl plans export --json', about: 'the same as JSON' },
  ],
  load: (): Loading => import('./export.ts'),
});

export const diffPlans = command({
  path: 'plans diff',
  summary: 'Compare a catalogue with the database',
  description: 'Ends with 0 when loading it would change nothing, with 4 when it would.',
  group: 'sell',
  arguments: [{ name: 'catalogue', about: 'a YAML or JSON file, or a shipped catalogue' }],
  options: [presetOption],
  examples: [
    { command: 'subctl plans diff plans.yaml', about: 'what plans load --update would change' },
    { command: 'subctl plans diff mobix --json', about: 'against a shipped catalogue, for a program' },
  ],
  exits: [3, 4],
  rows: true,
  load: (): Loading => import('./diff.ts'),
});

/** Commands about whole catalogues. */
export const catalogues = [loadPlans, exportPlans, diffPlans] as const;
