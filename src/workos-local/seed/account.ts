/** The account of the environment that is there from the start. Public on purpose: it opens nothing but this server. */
export const localAccount = { apiKey: 'sk_test_localhost', clientId: 'client_localhost' } as const;
