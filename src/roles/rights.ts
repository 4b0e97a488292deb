/**
 * THE rights of the roles. Each table is in one class, and a class says what each role may; a test finds the table that is in none. Roles are
 * PostgreSQL's own, with a prefix, for they belong to all databases of a server: `subctl_admin`. Accounts that log in are members of them.
 */
export const roles = {
  superadmin: 'what admins may, and plans, prices, settings, tokens and roles',
  admin: 'customers, credits, subscriptions, invoices, and running tasks',
  reader: 'reports and lists, without the data of persons',
  personal: 'what readers may, and names, addresses and free text',
  app: 'to check, hold and record uses, by functions alone',
  bound: 'what app may, for one customer alone',
} as const;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

export type Right = 'select' | 'insert' | 'update' | 'delete' | 'usage' | 'execute';

/** A table, view, sequence or function of the schemas, as the catalog has it. */
export interface SchemaObject {
  kind: 'table' | 'view' | 'sequence' | 'function';
  /** of a function with its arguments: `iso(timestamp with time zone)` */
  name: string;
  columns: readonly string[];
  /** of a function: it is not volatile */
  readsOnly: boolean;
}

/** What is sold and at which price, and what holds for the whole installation. */
const catalogue = [
  'bound_accounts',
  'catalog_state',
  'credit_costs',
  'discounts',
  'kinds',
  'meter_windows',
  'meters',
  'models',
  'plan_limits',
  'plan_prices',
  'plan_rules',
  'plan_stripe_prices',
  'plan_versions',
  'plans',
  'price_cards',
  'price_fallbacks',
  'prices',
  'settings',
];

/** Who may ask, and with which key. */
const secrets = ['api_tokens', 'provider_keys'];

/** What of them readers do not see, although it is a digest or encrypted. `subctl serve` and the daemon read it: they are admins. */
export const secretColumns: Readonly<Record<string, readonly string[]>> = {
  api_tokens: ['hash'],
  provider_keys: ['sealed'],
};

/** Written once and never changed: who has done what. */
const history = ['audit_log', 'changes'];

/** What customers have, owe and have used, and how the tasks that follow from it go. */
const business = [
  'alerts',
  'credit_entries',
  'credit_grants',
  'customer_priced_rules',
  'customer_rules',
  'customer_windows',
  'customer_zones',
  'customers',
  'daemons',
  'discount_redemptions',
  'disputes',
  'first_use_rules',
  'invitations',
  'invoice_lines',
  'invoices',
  'job_runs',
  'jobs',
  'limit_overrides',
  'members',
  'notification_preferences',
  'notifications',
  'parked',
  'payments',
  'refunds',
  'renewals',
  'reservations',
  'rule_templates',
  'status_moves',
  'stripe_events',
  'stripe_mirrors',
  'stripe_overages',
  'subscription_counts',
  'subscription_phases',
  'subscriptions',
  'usage_active_customers',
  'usage_adjustments',
  'usage_counters',
  'usage_day_sums',
  'usage_events',
  'usage_imports',
  'usage_keys',
  'usage_late_marks',
  'usage_resets',
  'usage_rolling_totals',
  'usage_sums',
  'usage_totals',
];

/** Changed by setup alone. */
const ownersOnly = ['migrations'];

/** Every table by its class. */
export const tableClasses = { catalogue, secrets, history, business, ownersOnly } as const;

/** Columns that may hold what a person has said or is called; readers do not see them. */
export const personalColumns: Readonly<Record<string, readonly string[]>> = {
  customers: ['name', 'email', 'stripe_customer_id', 'metadata'],
  invitations: ['hash'],
  members: ['name', 'email'],
  notifications: ['payload', 'last_error'],
  parked: ['payload'],
  payments: ['details'],
  reservations: ['asked', 'settled'],
  stripe_events: ['payload', 'last_error', 'note'],
  stripe_mirrors: ['method_id', 'method_brand', 'method_last4', 'method_expires_at', 'deleted_id'],
  usage_events: ['metadata'],
};

/** What applications call (docs/usage.md). They run as the owner of the schema, since their callers may touch no table. */
export const applicationFunctions: readonly string[] = [
  'bound_customer',
  'check_usage',
  'explain_event',
  'explain_use',
  'feature',
  'features',
  'preflight_usage',
  'record_plain_use',
  'record_usage',
  'record_usage_json',
  'record_usage_many',
  'record_usage_many_json',
  'release_usage',
  'reserve_usage',
  'settle_usage',
  'suggest_plan',
];

/**
 * Who may name what is in schema subctl_internal: those whose statements call its functions themselves. What applications call does so as
 * the owner.
 */
export const rolesOfInternals: readonly Role[] = ['superadmin', 'admin', 'reader', 'personal'];

/** Says of an account that it may speak for every customer, by the right to call it alone (drizzle/engine/access/is_bound.sql). */
const speaksForAll = 'any_customer';

/** Pure; named by SQL of the library that looks for plans with a feature. */
export const calledBeside = 'features_in';

/** What an application's connection reads beside them: whether the schema fits, and when plans have changed. */
const readByApplications = ['settings', 'plans', 'plan_versions'];

/** Views of what one customer has: the one to which the session is bound. */
const isOwn = ({ kind, name }: SchemaObject): boolean => kind === 'view' && name.startsWith('own_');

/** Views that `doctor --deep` and its repairs read. Their rows come from every table, those with data of persons too: not for readers. */
const isIntegrity = ({ kind, name }: SchemaObject): boolean =>
  kind === 'view' && /^(integrity_|wrong_|(lost|overlapping|recounted)_windows$)/.test(name);

const all: readonly Right[] = ['select', 'insert', 'update', 'delete'];

/** A right on an object, of some columns only where they are named. */
export interface GrantedRight {
  right: Right;
  columns?: readonly string[];
}

/** The name without arguments. */
export const bareName = ({ name }: Pick<SchemaObject, 'name'>): string => name.replace(/\(.*$/s, '');

export const isApplicationFunction = (object: Pick<SchemaObject, 'kind' | 'name'>): boolean =>
  object.kind === 'function' && applicationFunctions.includes(bareName(object));

/** What `role` may do with `object`, by itself: that roles are members of others is not counted. */
export function rightsOn(object: SchemaObject, role: Role): GrantedRight[] {
  if (object.kind === 'function') return mayCall(object, role) ? [{ right: 'execute' }] : [];
  if (object.kind === 'sequence') return onSequence(role);
  if (role === 'app' || role === 'bound')
    return readByApplications.includes(object.name) || isOwn(object) ? [{ right: 'select' }] : [];
  if (object.kind === 'view') return isIntegrity(object) && role === 'reader' ? [] : [{ right: 'select' }];
  return onTable(object, role);
}

function mayCall(object: SchemaObject, role: Role): boolean {
  if (role === 'superadmin' || role === 'admin') return true;
  if (role === 'app' || role === 'bound') {
    const isBeside =
      bareName(object) === calledBeside || (role === 'app' && bareName(object) === speaksForAll);
    return isBeside || isApplicationFunction(object);
  }
  return object.readsOnly || bareName(object) === 'uuid7';
}

function onSequence(role: Role): GrantedRight[] {
  if (role === 'superadmin') return [{ right: 'usage' }, { right: 'select' }, { right: 'update' }];
  return role === 'admin' ? [{ right: 'usage' }, { right: 'select' }] : [];
}

function onTable({ name, columns }: SchemaObject, role: Role): GrantedRight[] {
  const isSuperadmin = role === 'superadmin';
  if (secrets.includes(name)) return onSecrets({ name, columns }, role);
  if (role === 'reader') return allBut(columns, personalColumns[name] ?? []);
  if (role === 'personal') return every(['select']);
  if (history.includes(name)) return every(['select', 'insert']);
  if (ownersOnly.includes(name)) return every(['select']);
  if (catalogue.includes(name)) return every(isSuperadmin ? all : ['select']);
  return every(all);
}

/** A server that is an admin notes when a token was last used. */
function onSecrets({ name, columns }: Pick<SchemaObject, 'name' | 'columns'>, role: Role): GrantedRight[] {
  if (role === 'superadmin') return every(all);
  if (role !== 'admin') return allBut(columns, secretColumns[name] ?? columns);
  const uses: GrantedRight[] = name === 'api_tokens' ? [{ right: 'update', columns: ['last_used_at'] }] : [];
  return [...every(['select']), ...uses];
}

function allBut(columns: readonly string[], hidden: readonly string[]): GrantedRight[] {
  if (hidden.length === 0) return every(['select']);
  return [{ right: 'select', columns: columns.filter((column) => !hidden.includes(column)) }];
}

const every = (rights: readonly Right[]): GrantedRight[] => rights.map((right) => ({ right }));
