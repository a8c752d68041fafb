export { type RunExample, type ServedSite, serveSite } from './serve/serve-site.ts';
export { type GuideSummary, type Runs, Site, type SiteFile, type SiteSource } from './site.ts';
export { type WrittenSite, writeSite } from './write-site.ts';
