/** What subctl does with one parameter of a database URL. */
export interface Parameter {
  /** `done`: as libpq does it. `harmless`: left out, and nobody is less protected. `refused`: by name, for it asks for what is not done */
  does: 'done' | 'harmless' | 'refused';
  /** libpq's variable, which speaks where the URL is silent */
  variable?: string;
  /** of a refused parameter: the values that ask for nothing */
  ignorable?: readonly string[];
  /** refused by its variable too: it asks for protection */
  protects?: true;
  /** for docs/settings.md */
  note?: string;
}

const done = (variable?: string, note?: string): Parameter => entry('done', variable, note);
const harmless = (variable?: string, note?: string): Parameter => entry('harmless', variable, note);
const refused = (
  variable?: string,
  { note, ignorable, protects }: Omit<Parameter, 'does' | 'variable'> = {},
): Parameter => ({
  ...entry('refused', variable, note),
  ...(ignorable && { ignorable }),
  ...(protects && { protects }),
});

function entry(does: Parameter['does'], variable?: string, note?: string): Parameter {
  return { does, ...(variable !== undefined && { variable }), ...(note !== undefined && { note }) };
}

/**
 * Every parameter that libpq documents (PostgreSQL 18) and those that other drivers write into the same URL. A name that is not here
 * is refused. docs/settings.md prints this table.
 */
export const parameters: Readonly<Record<string, Parameter>> = {
  host: done('PGHOST', 'several with commas; without one, localhost by TCP'),
  hostaddr: done('PGHOSTADDR', 'where to connect; `host` then only names whose certificate is checked'),
  port: done('PGPORT', 'one for all hosts, or one each'),
  dbname: done('PGDATABASE'),
  user: done('PGUSER'),
  password: done('PGPASSWORD'),
  passfile: done('PGPASSFILE', 'a file that others may read is not read; ~/.pgpass by default'),
  service: done(
    'PGSERVICE',
    'counts where the URL is silent, before the variables; never names another host',
  ),
  servicefile: done('PGSERVICEFILE', '~/.pg_service.conf by default, then pg_service.conf of PGSYSCONFDIR'),
  connect_timeout: done('PGCONNECT_TIMEOUT', 'seconds for each host; 0 means the default of 10'),
  options: done('PGOPTIONS'),
  target_session_attrs: done('PGTARGETSESSIONATTRS'),
  sslmode: done('PGSSLMODE', '`allow` does what `prefer` does; `no-verify` of node-postgres is `require`'),
  requiressl: done('PGREQUIRESSL', '1 means sslmode=require where no sslmode is given'),
  ssl: done(undefined, 'true means sslmode=require, as libpq reads it; false means sslmode=disable'),
  sslaccept: done(undefined, "Prisma's: strict means sslmode=verify-full"),
  sslrootcert: done('PGSSLROOTCERT', 'system means sslmode=verify-full; a file without sslmode, require'),
  sslcert: done('PGSSLCERT', 'together with sslkey'),
  sslkey: done('PGSSLKEY', 'without a passphrase'),
  sslcrl: done('PGSSLCRL', 'where the certificate is verified; elsewhere refused'),
  sslsni: done('PGSSLSNI', '0 sends no host name'),
  sslnegotiation: done('PGSSLNEGOTIATION', 'direct needs sslmode=require or stronger'),
  channel_binding: done(
    'PGCHANNELBINDING',
    'require demands TLS and SCRAM, and sends nothing without; the binding itself is not checked: take sslmode=verify-full',
  ),

  application_name: harmless('PGAPPNAME', 'always subctl'),
  fallback_application_name: harmless(),
  client_encoding: harmless('PGCLIENTENCODING', 'always UTF8'),
  keepalives: harmless(),
  keepalives_idle: harmless(),
  keepalives_interval: harmless(),
  keepalives_count: harmless(),
  load_balance_hosts: harmless('PGLOADBALANCEHOSTS', 'hosts are tried in their order'),
  sslcompression: harmless('PGSSLCOMPRESSION', 'never compressed'),
  max_protocol_version: harmless('PGMAXPROTOCOLVERSION', 'always 3.0'),

  require_auth: refused('PGREQUIREAUTH', { protects: true }),
  requirepeer: refused('PGREQUIREPEER', { protects: true }),
  gssencmode: refused('PGGSSENCMODE', { ignorable: ['disable', 'prefer'], protects: true }),
  krbsrvname: refused('PGKRBSRVNAME'),
  gsslib: refused('PGGSSLIB'),
  gssdelegation: refused('PGGSSDELEGATION', { ignorable: ['0'] }),
  sslpassword: refused(),
  sslcertmode: refused('PGSSLCERTMODE', { ignorable: ['allow'], protects: true }),
  sslcrldir: refused('PGSSLCRLDIR', { note: 'name a file by sslcrl', protects: true }),
  ssl_min_protocol_version: refused('PGSSLMINPROTOCOLVERSION', {
    note: 'TLS 1.2 is the least in any case',
    protects: true,
  }),
  ssl_max_protocol_version: refused('PGSSLMAXPROTOCOLVERSION', { ignorable: ['TLSv1.3'] }),
  min_protocol_version: refused('PGMINPROTOCOLVERSION', { ignorable: ['3.0'] }),
  sslkeylogfile: refused(),
  scram_client_key: refused(),
  scram_server_key: refused(),
  oauth_issuer: refused(),
  oauth_client_id: refused(),
  oauth_client_secret: refused(),
  oauth_scope: refused(),
  tcp_user_timeout: refused(),
  replication: refused(undefined, { ignorable: ['false', 'off', 'no', '0'] }),
  sslidentity: refused(undefined, { note: "Prisma's: write sslcert and sslkey", protects: true }),

  ...Object.fromEntries(
    [
      // Prisma
      ...[
        'schema',
        'connection_limit',
        'pool_timeout',
        'pgbouncer',
        'socket_timeout',
        'statement_cache_size',
      ],
      // SQLAlchemy, asyncpg, Django
      ...['pool_size', 'max_overflow', 'prepared_statement_cache_size', 'async_fallback', 'conn_max_age'],
      // JDBC, postgres.js, node-postgres, and what Supabase and Vercel add
      ...['prepareThreshold', 'prepare', 'max_connections', 'uselibpqcompat', 'supa', 'workaround'],
    ].map((name) => [name, harmless(undefined, 'of other drivers')]),
  ),
};
