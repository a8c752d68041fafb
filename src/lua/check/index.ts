export { type CheckHost, checkProgram, type Finding, functionsNamed } from './check.ts';
