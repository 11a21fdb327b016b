export { checkUrl } from './url-rule';
