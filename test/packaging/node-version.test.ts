import { expect, it } from 'vitest';
import { nodeVersionComplaint } from '../../scripts/node-version.mjs';

it.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('Node.js %s is new enough for >=20.19', (running) => {
  expect(nodeVersionComplaint('>=20.19', running)).toBeNull();
});

it.each(['20.18.3', '18.20.4', '9.11.2'])('Node.js %s is too old for >=20.19', (running) => {
  expect(nodeVersionComplaint('>=20.19', running)).toContain(`20.19 or newer, and this is ${running}`);
});
