import type { Integration } from '../../catalog/index.ts';

/** A page that belongs to no integration. */
export interface Guide {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Other words that people look for it by. */
  readonly keywords: string;
  readonly markdown: (integrations: readonly Integration[]) => string;
}
