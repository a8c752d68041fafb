#!/usr/bin/env node
import about from '../../package.json' with { type: 'json' };
import { nodeVersionComplaint } from '../node-version.mjs';

// The command itself is a module that an old Node.js could not even read, so it is loaded after the check.
const complaint = nodeVersionComplaint(about.engines.node, process.versions.node);
if (complaint === null) {
  void import('../../src/cli/main.ts');
} else {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}
