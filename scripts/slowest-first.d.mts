import { BaseSequencer } from 'vitest/node';

export const slowestFiles: string[];
export function placeOf(file: string): number;
export class SlowestFirst extends BaseSequencer {}
