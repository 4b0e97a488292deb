import { expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { functionTypes } from './function-types.ts';

const { sql } = await testDatabase();

it('the types of the SQL functions that the program calls are those of the catalogue', async () => {
  await expect(await functionTypes(sql)).toMatchFileSnapshot('../../src/database/functions.ts');
});
