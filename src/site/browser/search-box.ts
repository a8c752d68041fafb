import type { FoundPage, PageSearch } from './page-search.ts';

/** Search as you type: `/` opens it, the arrows choose, Enter goes there, Escape closes. */
export function addSearch(): void {
  const opener = document.querySelector<HTMLButtonElement>('button.find');
  if (opener === null) return;
  const box = new SearchBox(document.body.dataset['root'] ?? '');
  opener.addEventListener('click', () => box.open());
  opener.hidden = false;
  document.addEventListener('keydown', (event) => {
    const isShortcut = (event.key === 'k' && (event.ctrlKey || event.metaKey)) || isSlash(event);
    if (!isShortcut) return;
    event.preventDefault();
    box.open();
  });
}

/** A slash that is not meant for a field. */
function isSlash({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (key !== '/' || ctrlKey || metaKey || altKey) return false;
  return !(target instanceof HTMLElement && target.matches('input:not([type=radio]), textarea, select'));
}

class SearchBox {
  readonly #root: string;
  readonly #dialog = document.createElement('dialog');
  readonly #field = document.createElement('input');
  readonly #list = document.createElement('div');
  readonly #note = document.createElement('p');
  #loading: Promise<PageSearch> | null = null;
  #options: readonly HTMLAnchorElement[] = [];
  #chosen = 0;

  constructor(root: string) {
    this.#root = root;
    this.#dialog.className = 'search';
    this.#dialog.setAttribute('aria-label', 'Search');
    const field = this.#field;
    field.type = 'search';
    field.placeholder = 'What do you want to do?';
    field.autocomplete = 'off';
    field.spellcheck = false;
    setAttributes(field, {
      role: 'combobox',
      'aria-label': 'Search',
      'aria-autocomplete': 'list',
      'aria-controls': 'found',
      'aria-expanded': 'false',
    });
    this.#list.id = 'found';
    setAttributes(this.#list, { role: 'listbox', 'aria-label': 'Results' });
    this.#note.className = 'note';
    this.#note.setAttribute('role', 'status');
    this.#dialog.append(field, this.#list, this.#note);
    document.body.append(this.#dialog);
    field.addEventListener('input', () => void this.#update());
    field.addEventListener('keydown', (event) => this.#onKey(event));
    // A click beside the box: the dialog itself is all that is there.
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  open(): void {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#field.select();
    void this.#update();
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    // A search field keeps the first Escape for emptying itself.
    if (key === 'Escape') this.#dialog.close();
    else if (key === 'ArrowDown') this.#choose(this.#chosen + 1);
    else if (key === 'ArrowUp') this.#choose(this.#chosen - 1);
    else if (key === 'Enter') this.#options[this.#chosen]?.click();
    else return;
    event.preventDefault();
  }

  async #update(): Promise<void> {
    const asked = this.#field.value;
    let search: PageSearch;
    try {
      this.#loading ??= this.#load();
      search = await this.#loading;
    } catch {
      this.#loading = null;
      this.#note.textContent = 'The search could not be loaded.';
      return;
    }
    // Something else has been typed meanwhile.
    if (asked !== this.#field.value) return;
    const found = asked.trim() === '' ? [] : search.find(asked);
    this.#show(found, asked);
  }

  #show(found: readonly FoundPage[], asked: string): void {
    this.#options = found.map((page, index) => {
      const option = linkTo(page, this.#root);
      setAttributes(option, { role: 'option', id: `found-${index}`, 'aria-selected': 'false' });
      option.addEventListener('pointermove', () => this.#choose(index, false));
      return option;
    });
    this.#list.replaceChildren(...this.#options);
    this.#field.setAttribute('aria-expanded', String(found.length > 0));
    this.#note.textContent =
      asked.trim() === ''
        ? 'In your own words: “invite someone”, “kick a user out”.'
        : found.length === 0
          ? 'Nothing found.'
          : '';
    this.#choose(0);
  }

  #choose(wanted: number, scroll = true): void {
    const options = this.#options;
    this.#chosen = options.length === 0 ? 0 : (wanted + options.length) % options.length;
    options.forEach((option, index) => {
      option.setAttribute('aria-selected', String(index === this.#chosen));
    });
    const current = options[this.#chosen];
    if (current === undefined) this.#field.removeAttribute('aria-activedescendant');
    else this.#field.setAttribute('aria-activedescendant', current.id);
    if (scroll) current?.scrollIntoView({ block: 'nearest' });
  }

  async #load(): Promise<PageSearch> {
    for (const name of ['search.js', 'search-data.js']) await loadScript(`${this.#root}assets/${name}`);
    const search = globalThis.kosmoSearch;
    if (search === undefined) throw new Error('The search is not there.');
    return search;
  }
}

function linkTo({ path, title, detail, kind, effect }: FoundPage, root: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = `${root}${path}.html`;
  link.tabIndex = -1;
  const name = document.createElement(effect === null ? 'strong' : 'code');
  name.textContent = title;
  link.append(name);
  if (effect !== null) link.append(span(`effect ${effect}`, effect));
  link.append(span('kind', kind));
  if (detail !== '') link.append(span('detail', detail));
  return link;
}

function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

function setAttributes(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** A page that was opened from a folder may load scripts, where it may not fetch. */
function loadScript(source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error(`${source} could not be loaded.`)));
    document.head.append(script);
  });
}
