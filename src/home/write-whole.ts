import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all: whatever fails, and whenever the power goes, the name stands for the old text or
 * the new one. A symbolic link stays one; the file it names is written.
 * @param mode the file's permissions: open to nobody else, if nothing else is said
 */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const target = targetOf(path);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      // This goes on until every byte is written: a disk that fills up takes part of a write without an error.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  syncFolder(dirname(target));
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}

/** Makes the new name last. Some systems (Windows) cannot open a folder, and need not. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The text is safe; only its name might be the old one after a power cut.
  }
}
