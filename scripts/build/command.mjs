#!/usr/bin/env node
import { dirname } from 'node:path';
import about from '../../package.json' with { type: 'json' };
import { loadCompiledCode } from '../../src/cli/compiled-code.ts';
import { nodeVersionComplaint } from '../node-version.mjs';

// The command itself is a module that an old Node.js could not even read, so it is loaded after the check.
const complaint = nodeVersionComplaint(about.engines.node, process.versions.node);
if (complaint === null) {
  loadCompiledCode(dirname(import.meta.dirname));
  void import('../../src/cli/main.ts');
} else {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}
