import type { Installation } from './installation.ts';
import { escaped, quoted } from './unit-words.ts';

/** What the manager of a user can do without privileges; the rest needs mounts and capabilities. */
const unprivileged = [
  'NoNewPrivileges=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
  'SystemCallArchitectures=native',
];

const privileged = [
  'ProtectSystem=strict',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'KeyringMode=private',
];

/**
 * What a unit may not do. Not MemoryDenyWriteExecute (node compiles as it runs), not RemoveIPC (it takes the shared memory of an embedded
 * server of the same account).
 */
export function hardening({ home, folder, program, scope }: Installation): string[] {
  if (scope === 'user') return ['', ...unprivileged];
  const common = ['', ...unprivileged, ...privileged];
  // the server's socket, its account and its processes must be seen
  if (home !== undefined)
    return [...common, 'ProtectHome=read-only', `ReadWritePaths=${quoted(escaped(home))}`];
  const isInHome = [folder ?? '', ...program].some((place) => /^\/(home|root|run\/user)\//.test(`${place}/`));
  return [
    ...common,
    `ProtectHome=${isInHome ? 'read-only' : 'yes'}`,
    'PrivateTmp=yes',
    'PrivateUsers=yes',
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'ProtectProc=invisible',
    'ProcSubset=pid',
    'DevicePolicy=closed',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged @resources',
    'SystemCallErrorNumber=EPERM',
  ];
}
