/** Where the local providers ask for consent; below the API's own `/data-integrations/{slug}`. */
export const providerPages = '/_providers';

export function consentPath(token: string): string {
  return `${providerPages}/authorize?token=${token}`;
}
