// Loaded into the program by the bench: tells how much memory it had at most, in kB.
import { writeFileSync } from 'node:fs';

process.on('exit', () =>
  writeFileSync(process.env.SUBCTL_BENCH_PEAK, String(process.resourceUsage().maxRSS)),
);
