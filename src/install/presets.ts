import type { JsonObject } from '../support/json.ts';

/** An API whose document is published where anybody can get it. Nothing of it is in kosmo. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** `npm:PACKAGE#FILE`, or a URL. Each was added with `integrations:add` before it was listed here. */
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
  {
    name: 'dialogporten',
    title: 'Dialogporten',
    spec: 'npm:@digdir/dialogporten-schema#swagger.verified.json',
    licence: 'ISC',
    credentials: 'api_key: a Maskinporten or ID-porten token',
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
