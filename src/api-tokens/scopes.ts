/**
 * Who may ask what of the JSON API.
 *
 * An application has a token of its own (`subctl tokens create`), shown once and kept as its hash. A token has scopes, each route wants
 * one of them, and it may be bound to one customer or to ids that begin alike. It ends when it is revoked or its time is over.
 */
export const scopes = {
  read: 'see plans, and of a customer the subscription, usage, features and alerts',
  check: 'ask whether a use would be allowed, and whether a customer has a feature',
  record: 'record uses; reserve, settle and release them',
  alerts: 'mark alerts as read',
  members: 'list, add, remove and invite the members of groups',
  keys: 'fetch the API keys of providers, each time noted in the audit',
  checkout: 'open a page of Stripe on which a customer buys a plan',
} as const;

export type Scope = keyof typeof scopes;

/** Roles of PostgreSQL (src/roles) that a token may have: it may do what an account with that role may. */
export const tokenRoles = ['superadmin', 'admin', 'reader', 'personal', 'app'] as const;
export type TokenRole = (typeof tokenRoles)[number];

export const scopeNames = Object.keys(scopes) as Scope[];
