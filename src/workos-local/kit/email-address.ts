/** How long an address may be (RFC 5321, section 4.5.3.1). */
const longestAddress = 254;
const longestLocalPart = 64;

/** One address without a display name, quotes or comments, at a host with a dot in its name. */
const address =
  /^([^\s\p{Cc}@"(),:;<>[\\\]]+)@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,})$/u;

export function isEmailAddress(text: string): boolean {
  const localPart = text.length > longestAddress ? undefined : address.exec(text)?.[1];
  if (localPart === undefined || localPart.length > longestLocalPart) return false;
  return !localPart.startsWith('.') && !localPart.endsWith('.') && !localPart.includes('..');
}

/** The form in which two addresses are the same mailbox: people do not mind upper and lower case. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}
