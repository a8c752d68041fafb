/** How long a button says that it has copied, in milliseconds. */
const saidFor = 1_500;

/** A button on every block of code. */
export function addCopyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('.code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', () => void copy(textOf(block), button));
    toolsOf(block).append(button);
  }
}

/** Where a block's buttons are. */
export function toolsOf(block: HTMLElement): HTMLElement {
  const found = block.querySelector<HTMLElement>(':scope > .code-tools');
  if (found !== null) return found;
  const tools = document.createElement('div');
  tools.className = 'code-tools';
  block.append(tools);
  return tools;
}

/** What is worth having of a block: of a session on a terminal, the commands. */
export function textOf(block: HTMLElement): string {
  const text = block.querySelector('code')?.textContent ?? '';
  if (block.dataset['lang'] !== 'console') return text;
  const commands = text.split('\n').filter((line) => line.startsWith('$ '));
  return commands.length === 0 ? text : commands.map((line) => line.slice(2)).join('\n');
}

async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  const done = await toClipboard(text);
  button.textContent = done ? 'Copied' : 'Not copied';
  setTimeout(() => {
    button.textContent = 'Copy';
  }, saidFor);
}

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages that the browser does not trust with the clipboard: those of a plain HTTP server. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
