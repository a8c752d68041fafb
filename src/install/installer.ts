import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedFolder } from '../catalog/index.ts';
import type { Home } from '../home/index.ts';
import { type Compiled, compileDocument } from '../manifest/compile.ts';
import { ManifestReader } from '../manifest/index.ts';
import { parseDocumentText, type SourceDocument } from '../spec/document.ts';
import type { DocumentFault } from '../spec/faults.ts';
import { isUrl, openDocument, readText } from '../spec/open-document.ts';
import { applyOverlay } from '../spec/overlay.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { type Changes, changesBetween } from './changes.ts';
import { presetOf } from './presets.ts';
import { type InstallRecord, readRecord } from './record.ts';
import { type Edition, Shelf } from './shelf.ts';
import { type DocumentText, getFollowing, locationOf, type Reach, readSource } from './source.ts';

/** What to install, and how. */
export interface Wanted {
  readonly spec: string;
  readonly overlays?: readonly string[];
  readonly preset?: string | null;
  readonly baseUrl?: string | null;
  /** The hosts from which parts of the document may be read. */
  readonly hosts?: readonly string[];
}

/** What came of compiling a document. */
export interface Prepared {
  readonly name: string;
  readonly edition: Edition;
  /** What is odd about the document and does no harm. */
  readonly remarks: readonly DocumentFault[];
}

/** What a newer document would change, or did. */
export interface Synced {
  readonly name: string;
  /** Null when there is nothing new. */
  readonly changes: Changes | null;
  readonly prepared: Prepared | null;
  /** Why a person should look before it is taken; null when nothing speaks against it. */
  readonly shrunk: string | null;
}

/** Where the integrations are, and how documents are got. */
export interface InstallerParts {
  readonly home: Home;
  /** The folder of the integrations in the box. */
  readonly box: string;
  readonly reach: Reach;
  readonly now: () => Date;
}

/** Adds integrations to a home, follows their documents, and takes them away. */
export class Installer {
  readonly #parts: InstallerParts;
  readonly #shelf: Shelf;

  constructor(parts: InstallerParts) {
    this.#parts = parts;
    this.#shelf = new Shelf(parts.home);
  }

  /** Whether the integration is one of the box, with or without a newer document at home. */
  isInBox(name: string): boolean {
    return installedFolder(this.#parts.box, name) !== null;
  }

  isAdded(name: string): boolean {
    return this.#shelf.has(name);
  }

  /** Where the integration in use came from; null for one of the box. */
  record(name: string): InstallRecord | null {
    const folder = installedFolder(this.#shelf.folder, name);
    return folder === null ? null : readRecord(folder);
  }

  /** Compiles a document, and installs nothing. */
  async prepare(name: string, wanted: Wanted): Promise<Prepared> {
    const source = await readSource(wanted.spec, this.#parts.reach);
    if (source === null)
      throw new KosmoError('internal', 'A document that was not asked for before is unchanged.');
    return this.#compile(name, wanted, source);
  }

  /** Installs what was prepared. */
  async install({ name, edition }: Prepared): Promise<void> {
    await this.#shelf.put(name, edition);
  }

  /**
   * Compiles the document that an installed integration has now, and says what is different. It is not installed.
   * @param from another place to get it from
   */
  async compare(name: string, from: string | null): Promise<Synced> {
    const folder = installedFolder(this.#shelf.folder, name) ?? installedFolder(this.#parts.box, name);
    if (folder === null) throw notInstalled(name);
    const record = readRecord(folder);
    const wanted = this.#wanted(name, record, from);
    const sameOverlays = record !== null && from === null;
    const source = await readSource(wanted.spec, this.#parts.reach, sameOverlays ? record.etag : null);
    if (source === null) return { name, changes: null, prepared: null, shrunk: null };
    const former = this.#openFormer(folder, name);
    const prepared = this.#compile(name, wanted, source);
    const { manifest } = (await prepared).edition;
    const changes = former === null ? null : changesBetween(former, ManifestReader.of(manifest));
    const sha = record?.sha256 ?? former?.index.source.sha256 ?? '';
    former?.close();
    const isSame =
      changes !== null &&
      sha === (await prepared).edition.record.sha256 &&
      changes.added.length + changes.changed.length + changes.removed.length === 0;
    if (isSame) return { name, changes: null, prepared: null, shrunk: null };
    return {
      name,
      changes,
      prepared: await prepared,
      shrunk: shrunk(changes, record, (await prepared).edition),
    };
  }

  /** Puts the document before the last one in use again. */
  async rollBack(name: string): Promise<void> {
    if (!this.#shelf.has(name)) {
      throw this.isInBox(name)
        ? new KosmoError(
            'nothing_to_roll_back',
            `${name} is as it came with kosmo: there is nothing before it.`,
          )
        : notInstalled(name);
    }
    if (await this.#shelf.swap(name)) return;
    // The one before is the box's own.
    if (this.isInBox(name)) await this.#shelf.remove(name);
    else throw new KosmoError('nothing_to_roll_back', `${name} has had one document only.`);
  }

  /** Takes an integration away. @returns whether the box still has one of that name */
  async remove(name: string): Promise<boolean> {
    if (!this.#shelf.has(name)) {
      if (!this.isInBox(name)) throw notInstalled(name);
      throw new KosmoError('usage', `${name} comes with kosmo and cannot be removed.`, {
        hint: `kosmo integrations:configure ${name} --disable takes it out of use.`,
      });
    }
    await this.#shelf.remove(name);
    return this.isInBox(name);
  }

  async #compile(name: string, wanted: Wanted, source: DocumentText): Promise<Prepared> {
    const { location, text } = source;
    // Messages call it as its user did.
    const shown = wanted.spec;
    const hosts = new Set(wanted.hosts ?? []);
    const opened = await openDocument({
      location: shown,
      text,
      hosts,
      fetch: async (url) => (await getFollowing(url, this.#parts.reach, {}, (host) => hosts.has(host))).body,
    });
    const overlays = this.#overlays(name, wanted);
    const remarks = [...opened.remarks];
    const content = overlays.reduce(
      (document, { overlay, own }) =>
        own
          ? applyOverlay(document, overlay.content, overlay.location)
          : // An overlay of ours may be older than the document; what it no longer finds is a remark.
            applyOverlay(document, overlay.content, overlay.location, (targets) => {
              for (const message of targets) remarks.push({ file: overlay.location, pointer: '', message });
            }),
      opened.content,
    );
    const identified = { ...opened, location, version: source.version };
    const compiled: Compiled = compileDocument(
      name,
      identified,
      content,
      overlays.map(({ overlay }) => overlay),
      wanted.baseUrl ?? null,
    );
    const { manifest, report } = compiled;
    if (manifest.operations.length === 0) {
      throw new KosmoError('document_invalid', `${shown} describes no operation: #/paths is empty.`, {
        details: { document: shown },
      });
    }
    const record: InstallRecord = {
      spec: location,
      overlays: (wanted.overlays ?? []).map(locationOf),
      preset: wanted.preset ?? null,
      baseUrl: wanted.baseUrl ?? null,
      hosts: [...hosts],
      sha256: opened.sha256,
      bytes: Buffer.byteLength(text),
      etag: source.etag,
      version: manifest.source.version,
      installedAt: this.#parts.now().toISOString(),
    };
    return { name, edition: { manifest, report, record }, remarks };
  }

  /** The overlays of a document in the order they are applied: kosmo's own before the user's. */
  #overlays(name: string, { overlays = [], preset }: Wanted): { overlay: SourceDocument; own: boolean }[] {
    const ofPreset = preset === undefined || preset === null ? null : (presetOf(preset)?.overlay ?? null);
    const ours =
      ofPreset === null
        ? this.#boxOverlays(name)
        : [overlayOf(JSON.stringify(ofPreset), `the overlay of ${preset}`)];
    const theirs = overlays.map((path) => overlayOf(readText(path), path));
    return [
      ...ours.map((overlay) => ({ overlay, own: false })),
      ...theirs.map((overlay) => ({ overlay, own: true })),
    ];
  }

  #boxOverlays(name: string): SourceDocument[] {
    const box = this.#boxSource(name);
    return (box?.overlays ?? []).map((file) => {
      const path = join(this.#parts.box, name, file);
      return overlayOf(readFileSync(path, 'utf8'), file);
    });
  }

  /** Where a document of the box comes from. */
  #boxSource(name: string): { spec: string; overlays: string[] } | null {
    let text: string;
    try {
      text = readFileSync(join(this.#parts.box, name, 'source.json'), 'utf8');
    } catch {
      return null;
    }
    const said = parseJson(text);
    if (!isJsonObject(said)) return null;
    const overlays = Array.isArray(said['overlays']) ? said['overlays'].map(String) : [];
    const { package: packageName, file } = said;
    if (typeof packageName !== 'string' || typeof file !== 'string') return null;
    return { spec: `npm:${packageName}#${file}`, overlays };
  }

  #wanted(name: string, record: InstallRecord | null, from: string | null): Wanted {
    if (record !== null) {
      const { spec, overlays, preset, baseUrl, hosts } = record;
      return { spec: from ?? spec, overlays, preset, baseUrl, hosts };
    }
    const spec = from ?? this.#boxSource(name)?.spec;
    if (spec === undefined) throw notInstalled(name);
    return { spec };
  }

  /** The manifest in use; null when it was compiled by another version and cannot be read. */
  #openFormer(folder: string, name: string): ManifestReader | null {
    try {
      return ManifestReader.open(folder, name);
    } catch {
      return null;
    }
  }
}

/** Why a document that has become smaller should be looked at first. */
function shrunk(
  changes: Changes | null,
  record: InstallRecord | null,
  { record: next }: Edition,
): string | null {
  if (changes !== null && changes.after < changes.before * 0.9)
    return `${changes.before} operations become ${changes.after}`;
  if (record !== null && record.bytes > 0 && next.bytes < record.bytes * 0.9)
    return `${record.bytes} bytes become ${next.bytes}`;
  return null;
}

function overlayOf(text: string, location: string): SourceDocument {
  return {
    content: parseDocumentText(text, location),
    location,
    version: '',
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

function notInstalled(name: string): KosmoError {
  return new KosmoError('unknown_integration', `No integration is called ${name}.`, {
    hint: 'kosmo integrations:list shows them.',
  });
}

/** The hosts that `--remote-refs` allows: those it names, or the document's own. */
export function hostsOf(spec: string, said: readonly string[] | true | undefined): string[] {
  if (said === undefined) return [];
  const own = isUrl(spec) ? [new URL(spec).host] : [];
  if (said === true) {
    if (own.length > 0) return own;
    throw new KosmoError('usage', `--remote-refs needs the hosts: ${spec} is on none.`, {
      hint: 'For example --remote-refs schemas.example.com.',
    });
  }
  return [...own, ...said];
}
