import { describe, expect, it } from 'vitest';
import { type PrintOptions, print } from '../../src/terminal/print.ts';
import { screen, terminalOf } from '../support/screen.ts';

const record = {
  customer: 'ann',
  limits: [
    { meter: 'images', used: '1', alerts: [{ at: 80 }] },
    { meter: 'calls', used: '2', limit: '5' },
  ],
  grants: [{ id: 'g', balance: '3' }],
  notes: [],
};

async function printed(options: Partial<PrintOptions>) {
  const shown = screen();
  await print({ record, title: 'ann' }, terminalOf(shown), {
    format: 'csv',
    header: true,
    csvGuard: true,
    quiet: false,
    ...options,
  });
  return shown.out();
}

describe('B33: pages with lists', () => {
  it('csv and tsv have the rows of the main list, and no list in a cell', async () => {
    expect(await printed({ mainPart: 'limits' })).toBe('meter,used,limit\r\nimages,1,\r\ncalls,2,5\r\n');
    expect(await printed({ format: 'tsv' })).toBe('meter\tused\tlimit\nimages\t1\t\ncalls\t2\t5\n');
  });

  it('--part chooses another, in every format', async () => {
    expect(await printed({ mainPart: 'limits', part: 'grants' })).toBe('id,balance\r\ng,3\r\n');
    expect(JSON.parse(await printed({ part: 'grants', format: 'json' }))).toEqual([
      { id: 'g', balance: '3' },
    ]);
    expect(await printed({ part: 'grants', format: 'table' })).toContain('id  balance');
    expect(await printed({ part: 'grants', format: 'markdown' })).toContain('| id | balance |');
  });

  it('a main list that is empty is empty', async () => {
    expect(await printed({ mainPart: 'notes' })).toBe('');
  });

  it('--fields of the record without lists are the record', async () => {
    expect(await printed({ mainPart: 'limits', fields: ['customer'] })).toBe('customer\r\nann\r\n');
  });

  it('a list that is not there is refused', async () => {
    await expect(printed({ part: 'customer' })).rejects.toMatchObject({ kind: 'usage' });
  });
});
