export { applies, type NamedOperation, normalizePattern } from './pattern.ts';
export {
  type Decision,
  decide,
  localPolicy,
  type Policy,
  type Rule,
  type RunPolicy,
  remotePolicy,
  type Verdict,
} from './policy.ts';
