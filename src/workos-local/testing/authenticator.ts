import { Secret, TOTP } from 'otpauth';

/** An authenticator application: the code of a secret at a moment. */
export function codeOf(secret: string, time: number): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: time });
}
