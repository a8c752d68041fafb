/** One thing that is wrong with a password, as WorkOS lists it. */
export interface PasswordProblem {
  readonly code: 'password_too_short' | 'password_too_weak';
  readonly message: string;
  readonly [detail: string]: unknown;
}

const shortest = 10;
/** How many characters a password must have that do not follow from those before. */
const fewestSurprises = 6;

/** What everybody tries first; more of the same kind does not make a password better. */
const wellKnown = [
  'password',
  'passwort',
  'passw0rd',
  'p@ssword',
  'p@ssw0rd',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwerty',
  'asdfgh',
  'letmein',
  'welcome',
  'changeme',
  'football',
  'baseball',
  'iloveyou',
  'sunshine',
  'princess',
  'trustno1',
  'monkey',
  'dragon',
  'master',
  'secret',
  'admin',
  'login',
  'test',
];

/**
 * What is wrong with a password; nothing when it may be used. It must be long enough, and long enough again once
 * each well-known word, sequence, repetition and part of the user's own address counts as one character.
 *
 * @param personal texts that others know of the user: an e-mail address, names
 */
export function passwordProblems(password: string, personal: readonly string[]): PasswordProblem[] {
  const problems: PasswordProblem[] = [];
  if (Array.from(password).length < shortest) {
    problems.push({
      code: 'password_too_short',
      message: `A password has ${shortest} or more characters.`,
      minimum_length: shortest,
    });
  }
  if (surprises(password, personal) < fewestSurprises) {
    problems.push({
      code: 'password_too_weak',
      message: 'The password is easy to guess.',
      suggestions: ['Use several words that do not belong together.'],
    });
  }
  return problems;
}

function surprises(password: string, personal: readonly string[]): number {
  let rest = password.toLowerCase();
  const words = personal.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  for (const word of [...words.filter(({ length }) => length > 2), ...wellKnown]) {
    rest = rest.replaceAll(word, '\0');
  }
  const points = Array.from(rest, (character) => character.codePointAt(0) ?? 0);
  let count = 0;
  points.forEach((point, at) => {
    const step = point - (points[at - 1] ?? 0);
    // The same character again, or the next one of the alphabet in either direction.
    if (at === 0 || Math.abs(step) > 1) count += 1;
  });
  return count;
}
