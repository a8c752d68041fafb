import { second } from '../../kit/clock.ts';
import type { Random } from '../../kit/random.ts';

const period = 30;
const digits = 6;
/** How many codes before and after the one of this moment are taken: clocks differ. */
const tolerance = 1;
/** 160 bits, as RFC 4226 recommends. */
const secretLength = 20;
/** 128 bits, the least RFC 4226 allows. */
const shortestSecret = 16;

/** What an authenticator calls the application when it was not told. */
export const defaultIssuer = 'WorkOS';

export interface TotpAccount {
  readonly issuer: string;
  readonly user: string;
  /** Base 32. */
  readonly secret: string;
}

/** Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, as all authenticators take. */
export interface Totp {
  /** A secret of chance, in base 32. */
  newSecret(random: Random): string;
  isSecret(text: string): boolean;
  /** What the QR code of an account says. */
  uri(account: TotpAccount): string;
  /**
   * The thirty seconds a code belongs to, counted from 1970; null when it is no code of these moments.
   *
   * @param time milliseconds since 1970
   */
  stepOf(secret: string, code: string, time: number): number | null;
}

/** Loads the library that knows them: most requests do without. */
export async function loadTotp(): Promise<Totp> {
  const { Secret, TOTP } = await import('otpauth');
  const secretOf = (text: string) => Secret.fromBase32(text);
  return {
    newSecret: (random) => new Secret({ buffer: random.bytes(secretLength).slice().buffer }).base32,
    isSecret: (text) =>
      /^[A-Z2-7]+=*$/i.test(text) && secretOf(text).bytes.length >= shortestSecret && text.length <= 256,
    uri: ({ issuer, user, secret }) =>
      new TOTP({ issuer, label: user, secret: secretOf(secret), period, digits }).toString(),
    stepOf(secret, code, time) {
      if (!/^\d{6}$/.test(code)) return null;
      const delta = TOTP.validate({
        token: code,
        secret: secretOf(secret),
        period,
        digits,
        timestamp: time,
        window: tolerance,
      });
      return delta === null ? null : Math.floor(time / (period * second)) + delta;
    },
  };
}

/** Loads what draws QR codes: it gives a text as a PNG image in a data URL. */
export async function loadQrCodes(): Promise<(text: string) => string> {
  const [{ generate }, { toPngDataURL }] = await Promise.all([
    import('lean-qr'),
    import('lean-qr/extras/node_export'),
  ]);
  return (text) =>
    toPngDataURL(generate(text), { on: [0, 0, 0, 255], off: [255, 255, 255, 255], pad: 4, scale: 5 });
}
