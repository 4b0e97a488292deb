import { type Answer, check, record } from '../usage/world.ts';
import { agree } from './agree.ts';
import { bank } from './bank.ts';
import type { Issued } from './bills.ts';
import { compareVerdict } from './compare-verdict.ts';
import { Counts, type Hold, type Recorded, type Verdict } from './counts.ts';
import { iso, type Program, type Teller } from './database-side.ts';
import { type Order, obey } from './desk.ts';
import { Life } from './life.ts';
import { nameOf } from './names.ts';
import { readInvoices } from './read-invoices.ts';
import type { Use } from './use.ts';
import type { World } from './world.ts';

type Told = Parameters<typeof record>[1];

/** One customer, in the database and in the model: whatever is done is done to both, and what both say of it is compared. */
export class Person {
  readonly life: Life;
  readonly counts: Counts;
  readonly done: string[] = [];
  private readonly keys: { told: Told; answer: Answer }[] = [];
  private readonly events: { id: string; recorded: Recorded }[] = [];
  private readonly held: { id: string; hold: Hold }[] = [];
  private readonly heard = new Set<string>();
  private unheard: Issued[] = [];
  readonly id: string;
  /** the zone in which it begins */
  readonly home: string;
  hadCode = false;
  private readonly program: Program;

  constructor(id: string, program: Program, { world, zone, at }: { world: World; zone: string; at: number }) {
    this.id = id;
    this.home = zone;
    this.program = program;
    this.life = new Life(world, zone, at);
    this.counts = new Counts(world, this.life);
  }

  private note(at: number, what: string): void {
    this.done.push(`${iso(at)} ${this.id}: ${what}`);
  }

  async order(order: Order, at: number): Promise<void> {
    this.note(at, JSON.stringify(order));
    if (order.do === 'assign' && order.code) this.hadCode = true;
    const accepted = await this.program.order(this.id, order, at);
    await this.hear(at);
    // what is due as soon as it is issued may be why the order is refused, and then it was not issued
    const obeyed = accepted || !this.life.head?.bills.isDueAtOnce() ? obey(this.life, order, at) : null;
    agree('invoices', await this.hear(at), []);
    if (obeyed !== null) agree(`whether ${order.do} is done`, accepted, obeyed);
  }

  /** Tells the model of the invoices that were issued since it was last told; those of what is still to be done to it are left. */
  async hear(at: number): Promise<Issued[]> {
    this.life.advance(at);
    this.unheard.push(...(await readInvoices(this.program.sql, this.id, this.heard)));
    for (const { number } of this.unheard) this.heard.add(number);
    this.unheard = this.unheard.filter((invoice) => !this.life.hear(invoice, at));
    return this.unheard;
  }

  async teller(asked: Teller, at: number): Promise<void> {
    this.note(at, JSON.stringify(asked));
    this.life.advance(at);
    agree(
      `whether ${asked.do} is done`,
      await this.program.credits(this.id, asked, at),
      bank(this.life, this.counts, { asked, at }),
    );
  }

  async limit(
    asked: { meter: string; window: string; limit: string | null; until: number },
    at: number,
  ): Promise<void> {
    this.note(at, `limit ${JSON.stringify(asked)}`);
    this.life.advance(at);
    if (!(await this.program.limit(this.id, asked, at))) return;
    for (const own of this.counts.overrides)
      if (own.meter === asked.meter && own.window === asked.window && own.from < at && own.until > at)
        own.until = at;
    this.counts.overrides.push({ ...asked, from: at });
  }

  async move(zone: string, at: number): Promise<void> {
    this.note(at, `moves to ${zone}`);
    this.life.advance(at);
    if (zone !== this.life.zone) this.life.moveTo(zone, at);
    await this.program.move(this.id, zone, at);
  }

  /** Somebody gets or gives up a seat. */
  async seat(member: string, at: number): Promise<void> {
    const { members } = this.life;
    const leaves = members.has(member, at);
    this.note(at, `${member} ${leaves ? 'leaves' : 'joins'}`);
    this.life.advance(at);
    const done = leaves
      ? members.remove(member, at)
      : members.add(member, at, this.life.now().plan?.seats ?? null);
    agree(
      `whether ${member} ${leaves ? 'leaves' : 'joins'}`,
      await this.program.seat(this.id, member, { leaves, at }),
      done,
    );
  }

  async use(use: Use, now: number, key: string | null): Promise<void> {
    this.note(now, `use ${JSON.stringify(use)} at ${iso(use.at)}${key ? ` key ${key}` : ''}`);
    this.life.advance(now);
    const told = this.tell(use, now, key);
    const foretold = await check(this.program.sql, told);
    const verdict = this.counts.judge(use, now);
    const answer = await record(this.program.sql, told);
    agree('check and record', pick(foretold), pick(answer));
    compareVerdict(answer, use, verdict);
    if (!answer.allowed) return;
    this.keep(now, verdict, answer.event_id!);
    const alerts = answer.alerts
      .filter(({ window }) => !window.startsWith('rolling'))
      .map((a) => `${a.meter} ${a.window} ${a.threshold}`);
    const open = (rule: Parameters<Counts['startOf']>[0]) =>
      this.counts.startOf(rule, use.at) === this.counts.startOf(rule, now);
    agree('alerts', alerts.sort(), this.counts.alertsOf(verdict, open));
    if (key) this.keys.push({ told, answer });
  }

  /** A key again: the same arguments get the same answer, others are a conflict (R15). */
  async again(pickKey: (from: number) => number, now: number, other: boolean): Promise<void> {
    if (this.keys.length === 0) return;
    const { told, answer } = this.keys[pickKey(this.keys.length)]!;
    this.note(now, `again ${String(told.key)}${other ? ' with another quantity' : ''}`);
    this.life.advance(now);
    const asked = { ...told, as_of: iso(now), ...(other && { quantity: String(Number(told.quantity) + 1) }) };
    const second = await record(this.program.sql, asked).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    if (other) agree('a key with other arguments', second, 'SB008');
    else agree('a replay', { ...(second as Answer), replayed: false }, answer);
  }

  async reserve(use: Use, now: number, minutes: number): Promise<void> {
    this.note(now, `reserve ${JSON.stringify(use)} for ${minutes} min`);
    this.life.advance(now);
    const verdict = this.counts.judge(use, now);
    const answer = await this.program.reserve(this.id, use, minutes);
    agree('reserve', [answer.allowed, answer.reason], [verdict.allowed, verdict.reason]);
    if (!answer.allowed) return;
    const hold = { use: verdict.use, expiresAt: now + minutes * 60_000, credits: verdict.credits };
    this.counts.holds.push(hold);
    this.held.push({ id: answer.reservation, hold });
  }

  /** Ends a reservation: with a use of `share` of it, or none for null. */
  async finish(now: number, share: number | null): Promise<void> {
    const [one] = this.held.splice(0, 1);
    if (!one) return;
    this.note(now, share === null ? `release ${one.id}` : `settle ${one.id} × ${share}`);
    this.life.advance(now);
    this.counts.holds.splice(this.counts.holds.indexOf(one.hold), 1);
    if (share === null) return this.program.release(this.id, one.id, now);
    const { use } = one.hold;
    const part = (n: number | null) => (n === null ? null : Math.ceil(n * share));
    const settled = {
      ...use,
      quantity: String(Math.ceil(Number(use.quantity) * share)),
      input: part(use.input),
      output: part(use.output),
      spent: true,
      partial: false,
    };
    const verdict = this.counts.judge(settled, now);
    const answer = await this.program.settle(this.id, one.id, settled, now);
    agree('settle', [answer.allowed, answer.reason], [verdict.allowed, verdict.reason]);
    if (answer.allowed) {
      this.keep(now, verdict, answer.event_id);
      this.counts.alertsOf(
        verdict,
        (rule) => this.counts.startOf(rule, settled.at) === this.counts.startOf(rule, now),
      );
    } else this.counts.holds.push(one.hold);
  }

  async reverse(pickEvent: (from: number) => number, now: number): Promise<void> {
    if (this.events.length === 0) return;
    const [{ id, recorded }] = this.events.splice(pickEvent(this.events.length), 1) as [
      (typeof this.events)[number],
    ];
    this.note(now, `reverse ${id}`);
    this.life.advance(now);
    await this.program.reverse(this.id, id, now);
    this.counts.reverse(recorded, now);
  }

  /** What is shown of the customer now: plan, status, access, period, balance, every limit. */
  async compare(now: number): Promise<void> {
    this.life.advance(now);
    const { plan, status, access, reason } = this.life.now();
    const is = await this.program.stands(this.id, now);
    const standing = { plan: plan?.id ?? null, status, access, reason };
    agree('standing', { plan: is.plan, status: is.status, access: is.access, reason: is.reason }, standing);
    agree('balance', is.balance, this.life.purse.balance().toFixed());
    if (!access) return;
    const { start, end } = this.life.timeline.periodAt(now);
    agree('period', [is.periodStart, is.periodEnd], [iso(start), iso(end)]);
    const rules = this.counts.rulesAt(now).filter(({ window }) => window !== 'each' && window !== 'session');
    const shown = rules.flatMap((rule) => {
      const of = this.counts.limitOf(rule, now) ?? '';
      if (rule.scope === 'customer')
        return [[nameOf(rule), `${this.counts.used(rule, now).toFixed()} of ${of}`]];
      return this.life.members
        .all()
        .map((member) => ({ member, used: this.counts.used(rule, now, { member, session: null }) }))
        .filter(({ used }) => used.gt(0))
        .map(({ member, used }) => [nameOf(rule, member), `${used.toFixed()} of ${of}`]);
    });
    const listed = Object.entries(is.limits).filter(([name]) => !/ (each|session)$/.test(name));
    agree('limits', Object.fromEntries(listed.sort()), Object.fromEntries(shown.sort()));
  }

  private keep(now: number, { use, credits }: Verdict, event: string): void {
    this.events.push({ id: event, recorded: this.counts.record(use, credits, now) });
  }

  private tell(use: Use, now: number, key: string | null): Told {
    return {
      ...{ customer: this.id, kind: use.kind, as_of: iso(now), at: iso(use.at), quantity: use.quantity },
      ...(use.provider !== null && { provider: use.provider }),
      ...(use.cost !== null && { cost: use.cost }),
      ...(use.input !== null && { input_tokens: use.input }),
      ...(use.output !== null && { output_tokens: use.output }),
      ...(use.session !== null && { session: use.session }),
      ...(use.member !== null && { member: use.member }),
      ...(use.spent && { already_spent: true }),
      ...(use.partial && { partial: true }),
      ...(key !== null && { key }),
    };
  }
}

const pick = ({ allowed, reason, limits, credits }: Answer) => ({ allowed, reason, limits, credits });
