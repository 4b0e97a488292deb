import { describe, expect, it } from 'vitest';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { withDatabase } from '../../src/database/url.ts';
import { subctl as command } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const settings = [
  'standard_conforming_strings = off',
  'array_nulls = off',
  "search_path = 'nowhere'",
  'backslash_quote = on',
];

describe('P11: settings that the owner of a database has given it change no text of ours', () => {
  it.each(settings)(
    'setup, a customer and a use with a model work under %s, in our session and in the application’s',
    async (setting) => {
      const { sql, env, name } = await testDatabase({ empty: true });
      await sql.unsafe(`alter database ${name} set ${setting}`);
      const words = async (line: string) => {
        const { code, stderr } = await command(line.split(' '), { env });
        return [line, code === 7 ? 'unpriced' : code, code === 0 ? '' : stderr];
      };
      const lines = [
        'setup --yes',
        'plans create free --price 1mo=0 --default',
        'customers add c',
        'usage record c --kind llm --model gpt-5',
      ];
      for (const line of lines)
        expect(await words(line)).toMatchObject([
          line,
          line.includes('--model') ? 'unpriced' : 0,
          expect.anything(),
        ]);
      const application = withoutOwnSession(sql);
      const named = setting.split(' ')[0]!;
      const rows = await application.begin(async (tx) => {
        await tx.unsafe(`set local ${setting}`);
        return tx.unsafe(`select current_setting('${named}') as now,
        subctl.record_usage(customer => 'c', kind => 'llm', model => 'claude_x', input_tokens => 3, output_tokens => 1)->>'allowed' as allowed`);
      });
      expect(rows).toEqual([{ now: expect.anything() as string, allowed: 'true' }]);
    },
  );

  it.each(['LATIN1', 'EUC_JP', 'WIN1252'])(
    'setup refuses a database in %s by its name, and makes nothing',
    async (encoding) => {
      const { sql, name, url } = await testDatabase({ empty: true });
      const other = `${name}_${encoding.toLowerCase()}`;
      const admin = withoutOwnSession(sql);
      await admin.unsafe(`create database ${other} template template0 encoding '${encoding}' locale 'C'`);
      const env = { DATABASE_URL: withDatabase(url, other) };
      expect(await command(['setup', '--yes'], { env })).toMatchObject({
        code: 5,
        stderr: expect.stringContaining(
          `The database has the encoding ${encoding}: subctl needs UTF8`,
        ) as string,
      });
      await admin.unsafe(`drop database ${other} with (force)`);
    },
  );

  it('a database that takes no writes is unavailable, and the sentence names the setting', async () => {
    const { sql, name, env } = await testDatabase();
    await withoutOwnSession(sql).unsafe(`alter database ${name} set default_transaction_read_only = on`);
    expect(await command(['customers', 'add', 'c'], { env })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(
        'read-only now: the server is a standby, or default_transaction_read_only is on',
      ) as string,
    });
    expect(await command(['customers', 'list'], { env })).toMatchObject({ code: 0 });
  });

  it('our statements are not compiled where the server compiles', async () => {
    const { sql, name } = await testDatabase();
    await sql.unsafe(`alter database ${name} set jit = on`);
    await sql.unsafe(`alter database ${name} set jit_above_cost = 0`);
    const fresh = withoutOwnSession(sql);
    await fresh`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`;
    expect(await sql`select current_setting('jit') as jit`).toEqual([{ jit: 'off' }]);
    const plan = await sql<
      Record<string, string>[]
    >`explain analyze select sum(n) from generate_series(1, 10) n`;
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('JIT');
  });
});
