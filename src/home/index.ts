export { Home } from './home.ts';
