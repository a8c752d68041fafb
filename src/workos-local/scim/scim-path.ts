/** Where the SCIM endpoints are; a directory's is below, at its id. */
export const scimPath = '/scim/v2.0';
