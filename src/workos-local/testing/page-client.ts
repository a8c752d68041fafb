import { type CheerioAPI, load } from 'cheerio';
import type { LocalRequest, LocalResponse } from '../dispatch.ts';
import { defaultBaseUrl } from '../kit/context.ts';
import { noteRequest } from './seen.ts';

/** A page as it came, or the redirect that leads away from this server. */
export interface Visited {
  readonly status: number;
  /** Where the redirects ended. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, when it is text. */
  readonly text: string;
  readonly bytes: Uint8Array | undefined;
  /** Where a redirect to another server leads; it is not followed. */
  readonly leaves: URL | null;
  /** The page's HTML: `$('h1').text()`. */
  readonly $: CheerioAPI;
}

export interface Submission {
  /** What is typed in, over what the form has; an array for check boxes. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
  /** Which form, as a selector; the page's first that is posted unless said. */
  readonly form?: string;
  /** Which of its buttons is pressed, by its text. */
  readonly button?: string;
}

const mostRedirects = 10;

/** Visits the server's pages as a browser without scripts does: with cookies, redirects and forms, but no socket. */
export class PageClient {
  readonly cookies = new Map<string, string>();
  readonly #server: { handle(request: LocalRequest): Promise<LocalResponse> };
  readonly #baseUrl: string;

  constructor(server: { handle(request: LocalRequest): Promise<LocalResponse> }, baseUrl = defaultBaseUrl) {
    this.#server = server;
    this.#baseUrl = baseUrl;
  }

  /** @param where a path, or a URL of this server */
  get(where: string | URL): Promise<Visited> {
    return this.#visit('GET', new URL(where, this.#baseUrl), null);
  }

  /** Fills in a form of a page and sends it, hidden fields and all. */
  submit(page: Visited, submission: Submission = {}): Promise<Visited> {
    const { fields = {}, form: selector = 'form[method=post]', button } = submission;
    const form = page.$(selector).first();
    if (form.length === 0) throw new Error(`No form ${selector} in ${page.url.href}:\n${page.text}`);
    const values = new URLSearchParams(
      form.serializeArray().map(({ name, value }): [string, string] => [name, value]),
    );
    for (const [name, value] of Object.entries(fields)) {
      if (form.find(`[name="${name}"]`).length === 0) throw new Error(`The form has no field ${name}.`);
      values.delete(name);
      for (const each of typeof value === 'string' ? [value] : value) values.append(name, each);
    }
    const pressed =
      button === undefined
        ? form.find('button').first()
        : form.find('button').filter((_, element) => page.$(element).text().trim() === button);
    if (pressed.length === 0) throw new Error(`The form has no button ${button}:\n${form.html()}`);
    const name = pressed.attr('name');
    if (name !== undefined) values.set(name, pressed.attr('value') ?? '');
    const target = new URL(pressed.attr('formaction') ?? form.attr('action') ?? page.url.href, page.url);
    if (form.attr('method') === 'post') return this.#visit('POST', target, values.toString());
    target.search = values.toString();
    return this.#visit('GET', target, null);
  }

  /** Follows a link of a page, by its text. */
  follow(page: Visited, text: string): Promise<Visited> {
    const link = page.$('a').filter((_, element) => page.$(element).text().trim() === text);
    const target = link.first().attr('href');
    if (target === undefined) throw new Error(`No link ${text} in ${page.url.href}:\n${page.text}`);
    return this.get(new URL(target, page.url));
  }

  async #visit(method: 'GET' | 'POST', url: URL, body: string | null, redirects = 0): Promise<Visited> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#server.handle({
      method,
      path: url.pathname + url.search,
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === null
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', origin: this.#baseUrl }),
      },
      body,
      baseUrl: this.#baseUrl,
    });
    noteRequest(method, url.pathname, answer.status);
    for (const line of answer.cookies ?? []) this.#keep(line);
    const { location } = answer.headers;
    const target = location === undefined ? null : new URL(location, url);
    if (target !== null && target.origin === url.origin) {
      if (redirects === mostRedirects) throw new Error(`Redirects without end, at ${target.href}`);
      return this.#visit('GET', target, null, redirects + 1);
    }
    return {
      status: answer.status,
      url,
      headers: answer.headers,
      text: answer.body,
      bytes: answer.bytes,
      leaves: target,
      $: load(answer.body),
    };
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(equals + 1));
  }
}
