import { expect, test } from 'vitest';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { newHome } from '../support/embedded.ts';
import { playSession } from '../support/session.ts';

test('the session of the README goes as it is written there', async () => {
  const place = await newHome();
  const env = { SUBCTL_HOME: place.home, SUBCTL_ACTOR: 'you', COLUMNS: '80' };
  try {
    const { written, played } = await playSession('readme', { env, places: { home: place.home } });
    expect(played).toBe(written);
  } finally {
    await stopServer(place);
  }
});
