import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Failure } from '../domain/failure.ts';
import type { Address } from './address.ts';
import { serverTimeoutSeconds } from './timeout.ts';
import { type Login, logIn } from './login.ts';
import { loginFailure, noneOf } from './login-failure.ts';
import { connectServer } from './connect-server.ts';
import { refusalOf } from './refusals.ts';
import { ConnectError } from './connect-error.ts';

/**
 * One connection, in the place of a socket of the driver's. At the driver's first message it goes to the servers of the address, one after
 * the other and each at most once, until one is ready; the driver never hears of the others. When there is none it ends with one Failure,
 * so that the driver, which tries again for ever after a mere close, tries nothing.
 */
export class ServerConnection extends EventEmitter {
  readonly #address: Address;
  readonly #onMessage: (at: number) => void;
  #socket: Socket | undefined;
  /** the server it is in touch with */
  #at = 0;
  #key: Buffer | undefined;
  #state: 'new' | 'opening' | 'open' | 'over' = 'new';
  #keepAliveMs: number | undefined;
  #isHalted = false;

  /** `onMessage` is told of which server the next message is, before the driver gets it: it asks for the password at once. */
  constructor(address: Address, onMessage: (at: number) => void = () => undefined) {
    super();
    this.#address = address;
    this.#onMessage = onMessage;
  }

  get readyState(): string {
    return this.#state === 'over' ? 'closed' : (this.#socket?.readyState ?? 'opening');
  }

  /** the server's process */
  get pid(): number | undefined {
    return this.#key?.readInt32BE(0);
  }

  write(bytes: Buffer, done?: () => void): boolean {
    if (this.#isHalted || this.#state === 'over') return true;
    if (this.#state !== 'new') return this.#socket!.write(bytes, done);
    this.#state = 'opening';
    void this.#open(Buffer.from(bytes));
    return true;
  }

  end(goodbye: Buffer): this {
    if (this.#state === 'open') this.#socket!.end(goodbye);
    else this.destroy();
    return this;
  }

  destroy(reason: Error = new Failure('unavailable', 'The connection to the database was ended')): this {
    const wasOpen = this.#state === 'open';
    if (this.#state === 'over') return this;
    this.#state = 'over';
    this.#socket?.destroy(reason);
    // not before the driver listens
    setImmediate(() => {
      if (!wasOpen && this.listenerCount('error') > 0) this.emit('error', reason); // or it would try again
      this.emit('close', !wasOpen);
    });
    return this;
  }

  setKeepAlive(_: boolean, afterMs: number): this {
    this.#keepAliveMs = afterMs;
    return this;
  }

  pause(): this {
    this.#socket?.pause();
    return this;
  }

  resume(): this {
    this.#socket?.resume();
    return this;
  }

  /** Has the server cancel the statement that runs. */
  async cancel(): Promise<void> {
    if (this.#state === 'open' && this.#key) await this.#askToCancel(this.#key).catch(() => undefined);
  }

  /** Says nothing more to the server, has it cancel the statement that runs, and ends: what was not committed is undone. */
  async cutOff(): Promise<void> {
    this.#isHalted = true;
    await this.cancel();
    this.destroy();
  }

  async #open(startup: Buffer): Promise<void> {
    const failures: Failure[] = [];
    for (const { at, wanted } of tries(this.#address)) {
      let isAsked = false;
      try {
        const login = await this.#enter(startup, at, wanted, (now) => (isAsked = now));
        if (this.#state === 'opening') this.#take(login);
        return;
      } catch (error) {
        if (this.#state !== 'opening') return;
        const failure = loginFailure(error, this.#address, at);
        failures.push(failure);
        if (isAsked || !mayTryNext(error)) break;
      }
    }
    this.destroy(noneOf(failures, this.#address));
  }

  async #enter(
    startup: Buffer,
    at: number,
    targetSession: Address['targetSession'],
    onAsked: (isAsked: boolean) => void,
  ): Promise<Login> {
    const seconds = serverTimeoutSeconds(this.#address);
    const late = new ConnectError('unavailable', `did not answer for ${seconds} seconds`);
    const timer = setTimeout(() => this.#socket?.destroy(late), seconds * 1_000);
    try {
      this.#at = at;
      const socket = await connectServer(this.#address, at, (made) => this.#hold(made));
      if (this.#keepAliveMs !== undefined) socket.setKeepAlive(true, this.#keepAliveMs);
      const pass = (message: Buffer) => {
        this.#onMessage(at);
        this.emit('data', message);
      };
      const { scramOnly } = this.#address;
      return await logIn(socket, startup, { scramOnly, targetSession }, { pass, onAsked });
    } finally {
      clearTimeout(timer);
    }
  }

  #hold(socket: Socket): void {
    this.#socket = socket.on('error', () => undefined); // each stage listens for itself; none may come between two of them
    if (this.#state === 'over') socket.destroy(new Error('ended meanwhile'));
  }

  #take({ rest, key }: Login): void {
    this.#state = 'open';
    this.#key = key;
    const socket = this.#socket!;
    let broken: Error | undefined;
    socket.on('data', (bytes: Buffer) => this.emit('data', bytes));
    socket.on('drain', () => this.emit('drain'));
    socket.on('error', (error) => (broken = error));
    socket.on('close', () => {
      if (this.#state === 'over') return;
      this.#state = 'over';
      if (broken) this.emit('error', refusalOf(broken) ? broken : brokenConnection(broken));
      this.emit('close', broken !== undefined);
    });
    this.emit('data', rest);
    socket.resume();
  }

  /** @throws when the server cannot be reached in a second */
  async #askToCancel(key: Buffer): Promise<void> {
    let socket: Socket | undefined;
    const timer = setTimeout(() => socket?.destroy(new Error('too late')), 1_000);
    try {
      const way = await connectServer(this.#address, this.#at, (made) => {
        socket = made.on('error', () => undefined);
      });
      const request = Buffer.concat([Buffer.from([0, 0, 0, 16, 0x04, 0xd2, 0x16, 0x2e]), key]);
      request.writeUInt32BE(request.length, 0);
      const answered = new Promise((resolve) => way.once('close', resolve));
      way.end(request);
      way.resume();
      await answered;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Each server once; for `prefer-standby`, those that are none in a second round. */
function tries({ hosts, targetSession }: Address) {
  const round = (wanted: Address['targetSession']) => hosts.map((_, at) => ({ at, wanted }));
  return targetSession === 'prefer-standby'
    ? [...round('prefer-standby'), ...round('any')]
    : round(targetSession);
}

/** libpq's rule: a server that has answered is not passed over, unless it is just starting or ending. */
function mayTryNext(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name !== 'PostgresError' || code === '57P03';
}

function brokenConnection(cause: Error): Failure {
  return new Failure('unavailable', `The connection to the database broke: ${cause.message}`, { cause });
}
