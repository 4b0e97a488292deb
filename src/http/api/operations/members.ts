import * as z from 'zod';
import { addMember } from '../../../customers/add-member.ts';
import { checkManager } from '../../../customers/check-manager.ts';
import { createInvitation } from '../../../customers/invitations.ts';
import { joinByCode } from '../../../customers/join.ts';
import { listMembers } from '../../../customers/list-members.ts';
import { removeMember } from '../../../customers/remove-member.ts';
import { invitationAnswer, memberAnswer, membersAnswer } from '../answers.ts';
import { count, customerId, instant, text } from '../fields.ts';
import { reads, writes } from '../needs.ts';
import { nothing, operation } from '../operation.ts';

const params = z.strictObject({ customer: customerId });
const asMember = text(200)
  .optional()
  .describe(
    'Whose wish it is: a member of the group, who has to be an admin of it. Leave it out for your own staff',
  );
const member = text(200)
  .describe('The person’s id in your application')
  .meta({ examples: ['ann'] });
const role = z
  .enum(['member', 'admin'])
  .optional()
  .describe('An admin manages the group; member unless given');
const name = text(500).optional();
const email = text(500).optional();

export const listGroupMembers = operation({
  id: 'listMembers',
  tag: 'Members',
  method: 'get',
  path: '/v1/customers/{customer}/members',
  summary: 'List the members of a group, and how many seats there are',
  description: 'seats.allowed is null where the plan has no limit.',
  scope: 'members',
  needs: [reads('members', 'name', 'email')],
  shape: { params, query: z.strictObject({ as_member: asMember }), body: undefined },
  answer: membersAnswer,
  statuses: { 404: 'There is no such customer' },
  customers: ({ params }) => [params.customer],
  async run({ connection, now }, { params: { customer }, query }) {
    await checkManager(connection, { customer, asMember: query.as_member });
    const { rows, seats } = await listMembers(connection, { customer, now: await now(), all: false });
    return { body: { customer, members: rows, seats: { used: seats.used, allowed: seats.allowed } } };
  },
});

export const addGroupMember = operation({
  id: 'addMember',
  tag: 'Members',
  method: 'post',
  path: '/v1/customers/{customer}/members',
  summary: 'Give a person a seat in a group',
  description: 'Refused where the plan has no seat left.',
  scope: 'members',
  needs: [writes('insert', 'members')],
  shape: { params, query: nothing, body: z.strictObject({ member, role, name, email, as_member: asMember }) },
  answer: memberAnswer,
  statuses: { 404: 'There is no such customer', 409: 'The person is a member already' },
  example: { member: 'ann', role: 'member' },
  customers: ({ params }) => [params.customer],
  async run({ write }, { params: { customer }, body }, caller) {
    const { member, role = 'member', name, email, as_member: by } = body;
    const request = {
      action: 'api add member',
      actor: `token ${caller.name}`,
      asked: { customer, member, role, as_member: by },
    };
    return {
      body: await write(request, (tx, change) =>
        addMember(tx, change, { customer, member, role, name, email, asMember: by }),
      ),
    };
  },
});

export const removeGroupMember = operation({
  id: 'removeMember',
  tag: 'Members',
  method: 'post',
  path: '/v1/customers/{customer}/members/remove',
  summary: 'Take a person’s seat; what they used stays',
  description: 'Who was not a member is 404.',
  scope: 'members',
  needs: [writes('update', 'members')],
  shape: { params, query: nothing, body: z.strictObject({ member, as_member: asMember }) },
  answer: memberAnswer,
  statuses: { 404: 'There is no such customer or member' },
  example: { member: 'ann' },
  customers: ({ params }) => [params.customer],
  async run({ write }, { params: { customer }, body: { member, as_member: by } }, caller) {
    const request = {
      action: 'api remove member',
      actor: `token ${caller.name}`,
      asked: { customer, member, as_member: by },
    };
    return {
      body: await write(request, (tx, change) =>
        removeMember(tx, change, { customer, member, asMember: by }),
      ),
    };
  },
});

export const inviteGroupMember = operation({
  id: 'inviteMember',
  tag: 'Members',
  method: 'post',
  path: '/v1/customers/{customer}/invitations',
  summary: 'Make an invitation code, by which people join a group',
  description: 'The code is in this answer alone. It ends after seven days unless expires_at says otherwise.',
  scope: 'members',
  needs: [writes('insert', 'invitations')],
  shape: {
    params,
    query: nothing,
    body: z.strictObject({
      role,
      uses: count('uses', { min: 1, max: 100_000 })
        .optional()
        .describe('How many may join by it; 1 unless given'),
      expires_at: instant('expires_at').optional(),
      as_member: asMember,
    }),
  },
  answer: invitationAnswer,
  statuses: { 404: 'There is no such customer' },
  example: { uses: 1 },
  customers: ({ params }) => [params.customer],
  async run({ write }, { params: { customer }, body }, caller) {
    const { role = 'member', uses = 1, expires_at: expiresAt, as_member: by } = body;
    const request = {
      action: 'api invite member',
      actor: `token ${caller.name}`,
      asked: { customer, role, uses, as_member: by },
    };
    return {
      body: await write(request, (tx, change) =>
        createInvitation(tx, change, { customer, role, uses, expiresAt, asMember: by }),
      ),
    };
  },
});

export const joinGroup = operation({
  id: 'joinGroup',
  tag: 'Members',
  method: 'post',
  path: '/v1/customers/{customer}/join',
  summary: 'Make a person a member by an invitation code of that group',
  description: 'Each code is good for as many people and as long as was said when it was made.',
  scope: 'members',
  needs: [writes('insert', 'members')],
  shape: { params, query: nothing, body: z.strictObject({ code: text(100), member, name, email }) },
  answer: memberAnswer,
  statuses: {
    404: 'There is no such customer, or no such code of it',
    409: 'The person is a member already',
  },
  example: { code: '0000-1111-2222-3333-4444', member: 'bob' },
  customers: ({ params }) => [params.customer],
  async run({ write }, { params: { customer }, body }, caller) {
    const { code, member, name, email } = body;
    const request = { action: 'api join group', actor: `token ${caller.name}`, asked: { customer, member } };
    return {
      body: await write(request, (tx, change) =>
        joinByCode(tx, change, { code, member, customer, name, email }),
      ),
    };
  },
});
