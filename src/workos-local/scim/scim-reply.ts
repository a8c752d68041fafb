/** What the SCIM endpoint answers. */
export interface ScimReply {
  readonly status: number;
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}
