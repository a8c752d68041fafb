import type { Plugin } from '@redocly/openapi-core';

/**
 * Where the checker's grammar of OpenAPI 3.2 is not the standard's: a cookie has a style of its own, an answer need have
 * no description, a named media type is one and no map of them, and the scopes of the device flow are of a type that the
 * checker does not know and gives up at.
 */
export const grammar: Plugin = {
  id: 'kosmo',
  typeExtension: {
    oas3: (types, version) => {
      const { DeviceAuthorization: flow, Parameter: parameter, Response: response } = types;
      if (version !== 'oas3_2' || flow === undefined || parameter === undefined || response === undefined)
        return types;
      return {
        ...types,
        DeviceAuthorization: {
          ...flow,
          properties: {
            ...flow.properties,
            scopes: { type: 'object', additionalProperties: { type: 'string' } },
          },
        },
        NamedMediaTypes: { properties: {}, additionalProperties: 'MediaType' },
        Response: { ...response, required: [] },
        Parameter: { ...parameter, properties: { ...parameter.properties, style: { enum: [...styles] } } },
      };
    },
  },
};

const styles = [
  'form',
  'simple',
  'label',
  'matrix',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'cookie',
];
