export { checkUrl } from './url-rule';
export type { UrlRuleOptions } from './url-rule';
