import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/database/schema/*.ts',
  out: './drizzle',
  schemaFilter: ['subctl'],
  migrations: { prefix: 'index' },
});
