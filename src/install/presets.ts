import type { JsonObject } from '../support/json.ts';

/** An API whose document is published where anybody can get it. Nothing of it is in kosmo. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** `npm:PACKAGE#FILE`. Each was added with `integrations:add` before it was listed here. */
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
    name: 'blockfrost',
    title: 'Blockfrost',
    spec: 'npm:@blockfrost/openapi#openapi.yaml',
    licence: 'MIT',
    credentials: 'api_key: the project id',
    overlay: null,
  },
  decentraland(),
  {
    name: 'dialogporten',
    title: 'Dialogporten',
    spec: 'npm:@digdir/dialogporten-schema#swagger.verified.json',
    licence: 'ISC',
    credentials: 'api_key: a Maskinporten or ID-porten token',
    overlay: null,
  },
  directus(),
  {
    name: 'figma',
    title: 'Figma',
    spec: 'npm:@figma/rest-api-spec#openapi/openapi.yaml',
    licence: 'MIT',
    credentials: 'personal_access_token: one from the settings of Figma; or access_token, of OAuth',
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
];

/** The preset of that name; undefined when there is none. */
export function presetOf(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}

/** Of the servers that Decentraland's document names, the first are for its own developers. */
function decentraland(): Preset {
  return {
    name: 'decentraland',
    title: 'Decentraland Catalyst',
    spec: 'npm:@dcl/catalyst-api-specs#lib/api.yaml',
    licence: 'Apache-2.0',
    credentials: 'none',
    overlay: {
      overlay: '1.0.0',
      info: { title: 'Decentraland for kosmo', version: '1.0.0' },
      actions: [
        { target: "$.servers[?@.url == 'https://peer.decentraland.zone']", remove: true },
        { target: "$.servers[?@.url == 'https://peer-testing.decentraland.org']", remove: true },
      ],
    },
  };
}

/** Everybody has a Directus of their own, and its document says of the token only which header it goes into. */
function directus(): Preset {
  return {
    name: 'directus',
    title: 'Directus',
    spec: 'npm:@directus/specs#dist/openapi.json',
    licence: 'MSCL-1.0-GPL',
    credentials: 'url: where your Directus is; token: a user’s static token (DIRECTUS_TOKEN)',
    overlay: {
      overlay: '1.0.0',
      info: { title: 'Directus for kosmo', version: '1.0.0' },
      actions: [
        {
          target: '$',
          update: {
            'x-kosmo-fields': [
              {
                name: 'token',
                title: 'Token',
                description:
                  'A user’s static token, or a temporary one; without it only public data is read.',
                secret: true,
                env: 'DIRECTUS_TOKEN',
              },
              {
                name: 'url',
                title: 'Base URL',
                description: 'Where your Directus is, such as https://directus.example.com.',
                required: true,
              },
            ],
          },
        },
        { target: '$.security', remove: true },
        { target: '$', update: { security: [{ Auth: [] }, {}] } },
        { target: '$.components.securitySchemes.KeyAuth', remove: true },
        {
          target: '$.components.securitySchemes.Auth',
          update: { type: 'http', scheme: 'bearer', 'x-kosmo-field': 'token' },
        },
      ],
    },
  };
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
