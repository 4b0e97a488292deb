import type { Channel } from './notification.ts';
import type { Template } from './render.ts';

/** Where notifications go and in which words. Without a channel they wait and are listed. */
export interface Outbox {
  channels: readonly Channel[];
  templates: ReadonlyMap<string, Template>;
  /** the addresses of who runs the installation: what is about no customer goes there */
  operators: readonly string[];
}
