import { afterEach, describe, expect, it, vi } from 'vitest';
import { Mailbox } from './mailbox.ts';
import { createSharedMemory, mailboxTextBytes } from './shared-memory.ts';

/** Both ends of one mailbox. */
function ends(): { reader: Mailbox; writer: Mailbox } {
  const { questions } = createSharedMemory();
  return { reader: new Mailbox(questions), writer: new Mailbox(questions) };
}

afterEach(() => vi.restoreAllMocks());

describe('a mailbox', () => {
  it('hands over a text with its number', () => {
    const { reader, writer } = ends();
    reader.open();
    expect(reader.number).toBeNull();
    expect(writer.put('a text: ü€😀\0', 7)).toBe(true);
    expect(reader.number).toBe(7);
    expect(reader.take()).toBe('a text: ü€😀\0');
    expect(reader.number).toBeNull();
  });

  it('takes nothing while nobody looks for it', () => {
    const { reader, writer } = ends();
    expect(writer.wanted).toBe(false);
    expect(writer.put('early', 1)).toBe(false);
    reader.open();
    expect(writer.wanted).toBe(true);
    reader.shut();
    expect(writer.put('late', 2)).toBe(false);
    expect(reader.number).toBeNull();
  });

  it('holds one text at a time', () => {
    const { reader, writer } = ends();
    reader.open();
    expect(writer.put('first', 1)).toBe(true);
    expect(writer.put('second', 2)).toBe(false);
    expect(reader.take()).toBe('first');
    expect(writer.put('second', 2)).toBe(false);
    reader.open();
    expect(writer.put('second', 2)).toBe(true);
  });

  it('keeps a text that was there when it was shut', () => {
    const { reader, writer } = ends();
    reader.open();
    writer.put('just in time', 1);
    reader.shut();
    expect(reader.number).toBe(1);
    expect(reader.take()).toBe('just in time');
  });

  it('takes a text of any characters up to its size, and none that may be longer', () => {
    const { reader, writer } = ends();
    const longest = Math.floor(mailboxTextBytes / 3);
    reader.open();
    expect(writer.put('€'.repeat(longest + 1), 1)).toBe(false);
    expect(writer.wanted).toBe(true);
    expect(writer.put('€'.repeat(longest), 1)).toBe(true);
    expect(reader.take()).toBe('€'.repeat(longest));
  });

  it('refuses a text during which it is shut, and whoever shuts it does not wait', () => {
    const { reader, writer } = ends();
    reader.open();
    const write = vi.spyOn(Buffer.prototype, 'write').mockImplementationOnce(() => {
      reader.shut();
      expect(reader.number).toBeNull();
      return 1;
    });
    expect(writer.put('x', 1)).toBe(false);
    expect(write).toHaveBeenCalledOnce();
    expect(reader.number).toBeNull();
    reader.open();
    expect(writer.put('y', 2)).toBe(true);
    expect(reader.take()).toBe('y');
  });

  it('refuses a text during which it is shut and opened again', () => {
    const { reader, writer } = ends();
    reader.open();
    vi.spyOn(Buffer.prototype, 'write').mockImplementationOnce(() => {
      reader.shut();
      reader.open();
      return 1;
    });
    expect(writer.put('x', 1)).toBe(false);
    expect(reader.number).toBeNull();
  });
});
