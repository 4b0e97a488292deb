import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { hasInvisible } from '../domain/plain-text.ts';

/**
 * Returns what is wrong with an application's own id for a customer or a member, as the end of a sentence; undefined when it is valid. An
 * id that looks like an email address is refused unless the setting allows it, because an id stays for ever and cannot be erased.
 */
export function faultOfId(
  id: string,
  { emailAllowed = false } = {},
): { fault: string; hint: string } | undefined {
  if (/^[\w.:~-]{1,200}$/.test(id)) return undefined; // accepts nearly all ids with a single test
  if (id === '') return { fault: 'is empty', hint: 'Give the id that your application uses' };
  if (id.length > 200)
    return { fault: `has ${id.length} characters`, hint: 'Ids have at most 200 characters' };
  if (/\p{Cc}/u.test(id))
    return { fault: 'has control characters', hint: 'Give the id that your application uses' };
  if (hasInvisible(id))
    return {
      fault: 'has invisible characters',
      hint: 'Remove them: an id with them looks like another one',
    };
  if (id !== id.trim()) return { fault: 'begins or ends with a space', hint: 'Remove the spaces' };
  if (!emailAllowed && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(id)) {
    return {
      fault: 'looks like an email address, and an id cannot be erased',
      hint: "Use your application's own id and give the address as email, or set allow_email_ids to true",
    };
  }
  return undefined;
}

/** @throws Failure usage that names the id and what is wrong with it */
export async function checkId(db: Db, id: string, what: 'customer' | 'member'): Promise<void> {
  const wrong = faultOfId(id, { emailAllowed: await emailIdsAllowed(db) });
  if (wrong) throw new Failure('usage', `The ${what} id '${id}' ${wrong.fault}`, { hint: wrong.hint });
}

/** Reads the setting `allow_email_ids`. */
export async function emailIdsAllowed(db: Db): Promise<boolean> {
  const [row] = await db<[{ allowed: boolean }]>`
    select coalesce(subctl_internal.setting('allow_email_ids') = 'true', false) as allowed`;
  return row.allowed;
}
