import { textOf, toolsOf } from './copy.ts';
import { showFailure, showReport } from './run-report.ts';
import { askForRun } from './run-request.ts';

interface Runs {
  readonly token: string;
  /** The integrations that can be run. */
  readonly integrations: ReadonlySet<string>;
}

/** Buttons that run the examples. This script is part of pages that a server has made to be run. */
function addRunButtons(): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=kosmo-run]');
  if (meta === null) return;
  const runs = { token: meta.content, integrations: new Set(meta.dataset['integrations']?.split(' ')) };
  for (const block of document.querySelectorAll<HTMLElement>('.code[data-lang=lua]')) {
    if (isProgram(textOf(block), runs.integrations)) new Example(block, runs);
  }
}

/** Whether a block is a program as it stands: it names no placeholder, and nothing that could not be reached. */
function isProgram(text: string, integrations: ReadonlySet<string>): boolean {
  if (/\.[A-Z]{3,}\b|…/.test(text)) return false;
  const named = [...text.matchAll(/\bapp\.integrations\.(\w+)/g)].map(([, name = '']) => name);
  return named.every((name) => integrations.has(name));
}

/** A block of code that can be run, and changed and run again. */
class Example {
  readonly #block: HTMLElement;
  readonly #runs: Runs;
  readonly #result = document.createElement('section');
  readonly #runButton = button('Run', 'run');
  readonly #editButton = button('Edit', 'edit');
  #editor: HTMLTextAreaElement | null = null;

  constructor(block: HTMLElement, runs: Runs) {
    this.#block = block;
    this.#runs = runs;
    this.#result.className = 'run-result';
    this.#result.setAttribute('aria-label', 'What came of the run');
    this.#result.setAttribute('aria-live', 'polite');
    this.#result.hidden = true;
    this.#runButton.addEventListener('click', () => void this.#run());
    this.#editButton.addEventListener('click', () => this.#edit());
    const tools = toolsOf(block);
    tools.classList.add('stays');
    tools.prepend(this.#runButton, this.#editButton);
    block.append(this.#result);
  }

  #edit(): void {
    const code = this.#block.querySelector('pre');
    if (code === null || this.#editor !== null) return;
    const editor = document.createElement('textarea');
    editor.value = textOf(this.#block);
    editor.rows = editor.value.split('\n').length + 1;
    editor.spellcheck = false;
    editor.setAttribute('aria-label', 'The program; Control and Enter run it');
    editor.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.#run();
    });
    code.hidden = true;
    code.before(editor);
    this.#editor = editor;
    this.#editButton.remove();
    editor.focus();
  }

  async #run(): Promise<void> {
    this.#runButton.disabled = true;
    this.#runButton.textContent = 'Running';
    this.#result.hidden = false;
    const source = this.#editor?.value ?? withResult(textOf(this.#block));
    try {
      showReport(this.#result, await askForRun(source, this.#runs.token));
    } catch (error) {
      showFailure(this.#result, error instanceof Error ? error.message : String(error));
    } finally {
      this.#runButton.disabled = false;
      this.#runButton.textContent = 'Run';
    }
  }
}

/** An example that keeps what it got in `result` shows it. */
function withResult(source: string): string {
  const shows = /\b(?:return|print|dump)\b/.test(source);
  return !shows && /^local result\b/m.test(source) ? `${source}\nreturn result` : source;
}

function button(text: string, className: string): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.textContent = text;
  return element;
}

addRunButtons();
