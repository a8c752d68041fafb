import { invalidRequest } from '../../kit/errors.ts';

/**
 * The lists of what is in a directory are for a directory or for something in it, not for all there is.
 *
 * @throws ApiError 422 when neither is named
 */
export function oneOf(
  firstName: string,
  first: string | undefined,
  secondName: string,
  second: string | undefined,
): void {
  if (first !== undefined || second !== undefined) return;
  throw invalidRequest(
    [firstName, secondName].map((field) => ({
      code: 'required',
      field,
      message: `${firstName} or ${secondName} must be given.`,
    })),
  );
}
