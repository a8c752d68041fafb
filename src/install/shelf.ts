import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentFile } from '../catalog/index.ts';
import { buildSearchIndex, searchFileOf } from '../catalog/search.ts';
import type { Home } from '../home/index.ts';
import type { Manifest } from '../manifest/index.ts';
import type { CompileReport } from '../manifest/report.ts';
import { writeManifest } from '../manifest/store.ts';
import { isJsonObject, stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { type InstallRecord, recordFile, recordText } from './record.ts';

/** One installed document. */
export interface Edition {
  readonly manifest: Manifest;
  /** What whoever installs it should know; it is not kept. */
  readonly report: CompileReport;
  readonly record: InstallRecord;
}

/**
 * The integrations of a home: `integrations/NAME/`, a folder for each document it was compiled from, and one small file
 * that says which of them is in use and which was before. An edition is written whole before that file names it, so
 * that whatever fails or is ended leaves the former one in use.
 */
export class Shelf {
  readonly #home: Home;
  readonly folder: string;

  constructor(home: Home) {
    this.#home = home;
    this.folder = home.file('integrations');
  }

  has(name: string): boolean {
    return this.#home.read(this.#pointer(name)) !== null;
  }

  /** The folders of the editions in use and before; null for what there is not. */
  editions(name: string): { readonly current: string | null; readonly former: string | null } {
    const said = parseJson(this.#home.read(this.#pointer(name)) ?? '');
    const text = (key: string) => {
      const value = isJsonObject(said) ? said[key] : undefined;
      return typeof value === 'string' ? value : null;
    };
    return { current: text('current'), former: text('former') };
  }

  /** Writes an edition and puts it in use; the one before stays for a rollback, older ones go. */
  async put(name: string, edition: Edition): Promise<void> {
    const { record } = edition;
    const label = `${record.installedAt.replace(/[^0-9]/g, '').slice(0, 17)}-${record.sha256.slice(0, 8)}`;
    const folder = join(this.folder, name, label);
    await this.#home.lock(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeManifest(folder, edition.manifest);
      writeFileSync(join(folder, searchFileOf(name)), buildSearchIndex(edition.manifest));
      writeFileSync(join(folder, recordFile), recordText(record));
      const { current } = this.editions(name);
      this.#point(name, label, current === label ? null : current);
      this.#tidy(name);
    });
  }

  /** Puts the former edition in use again. @returns false when there is none */
  async swap(name: string): Promise<boolean> {
    return this.#home.lock(() => {
      const { current, former } = this.editions(name);
      if (current === null || former === null) return false;
      this.#point(name, former, current);
      return true;
    });
  }

  /** Takes an integration away with all its editions. */
  async remove(name: string): Promise<void> {
    await this.#home.lock(() => {
      // What is in use goes first: nobody then finds half of it.
      rmSync(this.#home.file(this.#pointer(name)), { force: true });
      rmSync(join(this.folder, name), { recursive: true, force: true });
    });
  }

  #point(name: string, current: string, former: string | null): void {
    this.#home.write(this.#pointer(name), `${stringifyJson({ current, former })}\n`);
  }

  #tidy(name: string): void {
    const { current, former } = this.editions(name);
    for (const entry of readdirSync(join(this.folder, name), { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== current && entry.name !== former)
        rmSync(join(this.folder, name, entry.name), { recursive: true, force: true });
    }
  }

  #pointer(name: string): string {
    return join('integrations', name, currentFile);
  }
}
