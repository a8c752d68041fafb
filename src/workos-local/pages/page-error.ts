import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Ends a request with a page that says what is wrong. What a transaction did before it is undone. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly status: ContentfulStatusCode;
  readonly title: string;

  /**
   * @param title a few words: `This link has expired`
   * @param message what to do next
   */
  constructor(status: ContentfulStatusCode, title: string, message: string) {
    super(message);
    this.status = status;
    this.title = title;
  }
}
