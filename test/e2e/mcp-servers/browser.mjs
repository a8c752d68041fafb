#!/usr/bin/env node
/** A browser whose person agrees to everything at once. */
await fetch(process.argv[2] ?? '');
