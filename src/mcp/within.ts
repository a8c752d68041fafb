/**
 * Set for every server that kosmo starts, so that a gateway knows when it is one of them: kosmo among its own servers
 * would start itself without end.
 */
export const withinVariable = 'KOSMO_WITHIN';
