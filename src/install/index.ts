export type { CompileReport } from '../manifest/report.ts';
export type { Change } from './change.ts';
export type { ChangedOperation, Changes, NamedOperation } from './changes.ts';
export { hostsOf, Installer, type Prepared, type Synced, type Wanted } from './installer.ts';
export { readPackageFile } from './npm.ts';
export { type Preset, presetOf, presets } from './presets.ts';
export type { InstallRecord } from './record.ts';
export type { Fetched, Reach } from './source.ts';
