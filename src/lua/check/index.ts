export { type CheckHost, checkProgram, type Finding } from './check.ts';
