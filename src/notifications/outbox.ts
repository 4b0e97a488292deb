import type { Channel } from './notification.ts';
import type { Template } from './render.ts';

/** The channels and templates of notifications. Without a channel they wait and are listed. */
export interface Outbox {
  channels: readonly Channel[];
  templates: ReadonlyMap<string, Template>;
  /** the addresses of the operator, who receives notifications without a customer */
  operators: readonly string[];
}
