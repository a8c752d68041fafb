import type { JsonObject } from '../support/json.ts';

/** An API whose document is published where anybody can get it. Nothing of it is in kosmo. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** `npm:PACKAGE#FILE`, or a URL. */
  readonly spec: string;
  /** The licence of the document. */
  readonly licence: string;
  /** What an account needs, for people. */
  readonly credentials: string;
  /** What kosmo adds to the document: mostly credentials that it says in prose alone. */
  readonly overlay: JsonObject | null;
}

/** Every preset, by name. */
export const presets: readonly Preset[] = [
  {
    name: 'asana',
    title: 'Asana',
    spec: 'https://raw.githubusercontent.com/Asana/openapi/HEAD/defs/asana_oas.yaml',
    licence: 'Apache-2.0',
    credentials: 'personal_access_token: a personal access token',
    overlay: null,
  },
  {
    name: 'blockfrost',
    title: 'Blockfrost',
    spec: 'npm:@blockfrost/openapi#openapi.yaml',
    licence: 'Apache-2.0',
    credentials: 'api_key: the project id',
    overlay: null,
  },
  {
    name: 'cloudflare',
    title: 'Cloudflare',
    spec: 'https://raw.githubusercontent.com/cloudflare/api-schemas/HEAD/openapi.json',
    licence: 'BSD-3-Clause',
    credentials: 'api_token: an API token',
    overlay: null,
  },
  {
    name: 'dialogporten',
    title: 'Dialogporten',
    spec: 'npm:@digdir/dialogporten-schema#swagger.verified.json',
    licence: 'ISC',
    credentials: 'api_key: a Maskinporten or ID-porten token',
    overlay: null,
  },
  {
    name: 'discord',
    title: 'Discord',
    spec: 'https://raw.githubusercontent.com/discord/discord-api-spec/HEAD/specs/openapi.json',
    licence: 'MIT',
    credentials: 'bot_token: a bot’s token, after the word Bot',
    overlay: null,
  },
  {
    name: 'galaxy',
    title: 'Scalar Galaxy (an example API)',
    spec: 'npm:@scalar/galaxy#dist/latest.yaml',
    licence: 'MIT',
    credentials: 'none for its public functions',
    overlay: null,
  },
  github('github', 'GitHub', 'api.github.com'),
  github('github_enterprise', 'GitHub Enterprise Cloud', 'ghec'),
  {
    name: 'rclone',
    title: 'rclone remote control',
    spec: 'npm:rclone-openapi#openapi.json',
    licence: 'MIT',
    credentials: 'username and password: those of rclone rcd --rc-user --rc-pass',
    overlay: null,
  },
  {
    name: 'shipengine',
    title: 'ShipEngine',
    spec: 'npm:shipengine-openapi#openapi.yaml',
    licence: 'MIT',
    credentials: 'api_key: an API key',
    overlay: null,
  },
  {
    name: 'stripe',
    title: 'Stripe',
    spec: 'https://raw.githubusercontent.com/stripe/openapi/HEAD/openapi/spec3.json',
    licence: 'MIT',
    credentials: 'api_key: a secret or restricted key',
    overlay: stripeOverlay(),
  },
  {
    name: 'twilio',
    title: 'Twilio',
    spec: 'https://raw.githubusercontent.com/twilio/twilio-oai/HEAD/spec/json/twilio_api_v2010.json',
    licence: 'Apache-2.0',
    credentials: 'username: the account SID; password: the auth token',
    overlay: null,
  },
];

/** The preset of that name; undefined when there is none. */
export function presetOf(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}

/** GitHub's document names no security scheme, and two of its POSTs change nothing. */
function github(name: string, title: string, file: string): Preset {
  return {
    name,
    title,
    spec: `npm:@octokit/openapi#generated/${file}.json`,
    licence: 'MIT',
    credentials: 'token: a personal access token, or that of an app (GITHUB_TOKEN)',
    overlay: {
      overlay: '1.0.0',
      info: { title: `${title} for kosmo`, version: '1.0.0' },
      actions: [
        {
          target: '$',
          update: {
            security: [{ token: [] }, {}],
            'x-kosmo-fields': [
              {
                name: 'token',
                title: 'Token',
                description:
                  'A personal access token, or that of an app; without one only public data is read.',
                secret: true,
                env: 'GITHUB_TOKEN',
              },
              { name: 'url', title: 'Base URL', description: 'For GitHub Enterprise Server.' },
            ],
          },
        },
        {
          target: '$.components',
          update: {
            securitySchemes: { token: { type: 'http', scheme: 'bearer', 'x-kosmo-field': 'token' } },
          },
        },
        { target: "$.paths['/markdown'].post", update: { 'x-kosmo-effect': 'read' } },
        { target: "$.paths['/markdown/raw'].post", update: { 'x-kosmo-effect': 'read' } },
      ],
    },
  };
}

/** Stripe's document lets a key stand as a user name or as a token; one of them is enough. */
function stripeOverlay(): JsonObject {
  return {
    overlay: '1.0.0',
    info: { title: 'Stripe for kosmo', version: '1.0.0' },
    actions: [
      { target: '$.security', remove: true },
      {
        target: '$',
        update: {
          security: [{ bearerAuth: [] }],
          'x-kosmo-fields': [
            {
              name: 'api_key',
              title: 'API key',
              description: 'A secret or restricted key.',
              secret: true,
              required: true,
              env: 'STRIPE_API_KEY',
            },
            { name: 'url', title: 'Base URL' },
          ],
          'x-kosmo-pagination': [
            { style: 'last_row', argument: 'starting_after', key: 'id', more: 'has_more', items: 'data' },
          ],
        },
      },
      { target: '$.components.securitySchemes.bearerAuth', update: { 'x-kosmo-field': 'api_key' } },
    ],
  };
}
