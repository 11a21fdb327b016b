import { checkUrl } from './url-rule';

const rule = (url: string, allowPrivateCidrs: string[] = []) =>
  checkUrl(url, { path: 'callback_url', allowPrivateCidrs })?.message ?? null;

describe('the URL rule', () => {
  it.each([
    'https://example.com/hook?x=1',
    'http://example.com:8080/',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'https://[::ffff:93.184.215.14]/',
    'https://localhost.example.com/',
  ])('lets %s through', (url) => expect(rule(url)).toBeNull());

  it.each([
    ['http://127.0.0.1/', 'loopback'],
    ['http://127.1/', 'loopback'],
    ['http://2130706433/', 'loopback'],
    ['http://0x7f.1/', 'loopback'],
    ['http://017700000001/', 'loopback'],
    ['http://127.0.0.1./', 'loopback'],
    ['http://①②⑦.⓪.⓪.①/', 'loopback'],
    ['http://localhost/', 'loopback'],
    ['http://localhost./', 'loopback'],
    ['http://%6c%6fcalhost:8080/', 'loopback'],
    ['http://api.localhost/', 'loopback'],
    ['http://[::1]/', 'loopback'],
    ['http://[::7f00:1]/', 'reserved'],
    ['http://0/', 'unspecified'],
    ['http://[::]/', 'unspecified'],
    ['http://169.254.169.254/latest/meta-data', 'linkLocal'],
    ['http://[::ffff:a9fe:a9fe]/', 'linkLocal'],
    ['http://[fe80::1]/', 'linkLocal'],
    ['http://[64:ff9b::7f00:1]/', 'rfc6052'],
    ['http://[64:ff9b:1::7f00:1]/', 'rfc6052'],
    ['http://[2002:7f00:1::]/', '6to4'],
    ['http://[2001::1]/', 'teredo'],
    ['http://10.0.0.8/', 'private'],
    ['http://172.16.3.4/', 'private'],
    ['http://192.168.1.1/', 'private'],
    ['http://100.64.0.1/', 'carrierGradeNat'],
    ['http://[fd00::1]/', 'uniqueLocal'],
    ['http://224.0.0.1/', 'multicast'],
    ['http://255.255.255.255/', 'broadcast'],
  ])('refuses %s as %s', (url, kind) => expect(rule(url)).toMatch(new RegExp(`not a public address \\(${kind}\\)`)));

  it.each([
    ['file:///etc/passwd', 'scheme "file:" is not allowed'],
    ['gopher://example.com/', 'scheme "gopher:" is not allowed'],
    ['javascript:alert(1)', 'scheme "javascript:" is not allowed'],
    ['http://user:pw@example.com/', 'a user or password in the URL is not allowed'],
    ['http://user@example.com/', 'a user or password in the URL is not allowed'],
    ['http://example.com:22/', 'port 22 is not allowed'],
    ['http://example.com:0/', 'port 0 is not allowed'],
    ['example.com/hook', 'expected an absolute URL'],
    ['/hook', 'expected an absolute URL'],
    ['', 'expected an absolute URL'],
    [`https://example.com/${'x'.repeat(2_048)}`, 'at most 2048 characters'],
  ])('refuses %s: %s', (url, message) => expect(rule(url)).toContain(message));

  it('lets the networks through that the configuration names, and no others', () => {
    expect(rule('http://10.1.2.3:9000/', ['10.0.0.0/8'])).toBeNull();
    expect(rule('http://localhost:9000/', ['127.0.0.0/8'])).toBeNull();
    expect(rule('http://[fd00::5]/', ['10.0.0.0/8', 'fd00::/8'])).toBeNull();
    expect(rule('http://192.168.0.1/', ['10.0.0.0/8', 'fd00::/8'])).toContain('private');
  });

  it('says where the URL stands and what would mend it', () => {
    expect(checkUrl('http://10.0.0.1', { path: 'callback_url', allowPrivateCidrs: [] })).toEqual({
      path: 'callback_url',
      message: 'host 10.0.0.1 is not a public address (private)',
      hint:
        'only public addresses are called, and the networks that http.allow_private_cidrs in gateway.yaml names: ' +
        'add 10.0.0.0/8 to it if this one is yours',
    });
    const metadata = checkUrl('http://169.254.169.254', { path: 'callback_url', allowPrivateCidrs: [] });
    expect(metadata?.hint).toMatch(/gateway.yaml names$/);
  });
});
