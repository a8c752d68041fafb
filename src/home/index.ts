export { Home } from './home.ts';
export { writeWhole } from './write-whole.ts';
