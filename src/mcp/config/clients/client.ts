import type { JsonObject } from '../../../support/json.ts';
import type { Launch } from '../server-config.ts';

/** What decides where programs keep their settings. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The user's own folder. */
  readonly homeFolder: string;
  /** The project's folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `user`: settings that hold everywhere. `project`: a file in the project's folder. */
export type ClientScope = 'user' | 'project';

/** A program that uses MCP servers: where it keeps them, and how it writes them. */
export interface McpClient {
  /** As commands take it, such as `claude-code`. */
  readonly name: string;
  /** As its makers call it. */
  readonly title: string;
  readonly format: 'json' | 'toml';
  readonly userFile: (machine: Machine) => string;
  /** Relative to a project's folder; null for one that has no settings there. */
  readonly projectFile: string | null;
  /** Where a file's servers stand, the place that is written to first. */
  readonly tables: (machine: Machine) => readonly (readonly string[])[];
  /** An entry of its settings as `readLaunch` takes it: other names and variables put into kosmo's. */
  readonly read: (entry: JsonObject) => JsonObject;
  /** An entry for its settings; a text that says why it cannot have this server. */
  readonly write: (launch: Launch) => JsonObject | string;
  /** What a person does for a change to be seen. */
  readonly afterwards: string;
}
