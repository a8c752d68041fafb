export { decide, localPolicy, type Policy, type RunPolicy, remotePolicy, type Verdict } from './policy.ts';
