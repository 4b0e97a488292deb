import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { hasInvisible } from '../domain/plain-text.ts';

/**
 * What is wrong with an application's own id for a customer or a member, as the end of a sentence; undefined when it may be used.
 * An id that looks like an e-mail address is refused unless the setting allows it: an id stays for ever and cannot be erased.
 */
export function faultOfId(
  id: string,
  { emailAllowed = false } = {},
): { fault: string; hint: string } | undefined {
  if (/^[\w.:~-]{1,200}$/.test(id)) return undefined; // nearly all ids, at the price of one look
  if (id === '') return { fault: 'is empty', hint: 'Give the id that your application uses' };
  if (id.length > 200)
    return { fault: `has ${id.length} characters`, hint: 'Ids have at most 200 characters' };
  if (/\p{Cc}/u.test(id))
    return { fault: 'has control characters', hint: 'Give the id that your application uses' };
  if (hasInvisible(id))
    return {
      fault: 'has signs that cannot be seen',
      hint: 'Take them away: an id with them looks like another one',
    };
  if (id !== id.trim()) return { fault: 'begins or ends with a space', hint: 'Take the spaces away' };
  if (!emailAllowed && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(id)) {
    return {
      fault: 'looks like an e-mail address, and an id cannot be erased',
      hint: "Use your application's own id and give the address as email, or set the setting allow_email_ids to true",
    };
  }
  return undefined;
}

/** @throws Failure usage that names the id and what is wrong with it */
export async function checkId(db: Db, id: string, what: 'customer' | 'member'): Promise<void> {
  const wrong = faultOfId(id, { emailAllowed: await emailIdsAllowed(db) });
  if (wrong) throw new Failure('usage', `The ${what} id '${id}' ${wrong.fault}`, { hint: wrong.hint });
}

/** Whether the setting `allow_email_ids` is true. */
export async function emailIdsAllowed(db: Db): Promise<boolean> {
  const [row] = await db<[{ allowed: boolean }]>`
    select coalesce(subctl.setting('allow_email_ids') = 'true', false) as allowed`;
  return row.allowed;
}
