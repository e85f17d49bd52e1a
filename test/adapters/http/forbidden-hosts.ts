/** Names and what they resolve to in these tests; no real resolver is asked. */
export const names: Record<string, string[]> = {
  localhost: ['127.0.0.1'],
  'localhost.': ['127.0.0.1'],
  'sub.localhost': ['127.0.0.1'],
  'loopback.example': ['127.0.0.1'],
  'loopback.example.': ['127.0.0.1'],
  '127.0.0.1.as-a-name.example': ['127.0.0.1'],
  'xn--bcher-kva.example': ['127.0.0.1'],
  'six.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'public-first.example': ['8.8.8.8', '10.0.0.1'],
  'public-last.example': ['10.0.0.1', '8.8.8.8'],
  'public-and-ula.example': ['2606:4700::1', 'fd12::1'],
  'intranet.example': ['10.1.2.3'],
  'metadata.example': ['169.254.169.254'],
  'wire-server.example': ['168.63.129.16'],
  'link-local.example': ['fe80::1%2'],
  'nat64.example': ['64:ff9b::a00:1'],
  'six-to-four.example': ['2002:a00:1::1'],
  'teredo.example': ['2001:0:4136:e378:8000:63bf:3fff:fdd2'],
};

/** Ways to write 127.0.0.1: what an address parser, a name and percent signs make of it. */
export const loopbackHosts = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0X7F000001', '017700000001', '127.0.0.1.'],
  ...['0177.0.0.1', '0177.0.0.01', '0x7f.0.0.1', '0x7f.0x0.0x0.0x1', '0x7f.1', '127.0x1', '0177.1', '127.0.00000001'],
  ...['00000000177.0.0.1', '0x000000007f.0.0.1', '127.0.0x0.01', '127.0x000001', '2130706433.', '0x7f000001.'],
  ...[
    '１２７.０.０.１',
    '127。0。0。1',
    '127．0．0．1',
    '①②⑦.⓪.⓪.①',
    '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
    '%31%32%37.0.0.1',
    '127.0.0.%31',
    '127%2e0.0.1',
  ],
  ...['12\u00ad7.0.0.1', '127.0.0.1\u200b', '１２７．１', '0ｘ7f.1'],
  ...[
    'localhost',
    'LOCALHOST',
    'LocalHost',
    'localhost.',
    'ｌｏｃａｌｈｏｓｔ',
    'ⓛocalhost',
    'loc%61lhost',
    'local\u00adhost',
  ],
  ...['sub.localhost', 'loopback.example', 'LOOPBACK.example.', '127.0.0.1.as-a-name.example', 'bücher.example'],
];

/** 127.0.0.1 as IPv6; not every machine can connect to it. */
export const mappedLoopbackHosts = [
  '[::ffff:127.0.0.1]',
  '[::FFFF:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:7f00:0001]',
  '[0:0:0:0:0:ffff:7f00:1]',
  '[0:0:0:0:0:FFFF:127.0.0.1]',
  'mapped.example',
];

/** Everything else an address of ours must not lead to. */
export const otherHosts = [
  // Loopback and "this host" beside 127.0.0.1.
  ...['127.0.0.2', '127.255.255.254', '0.0.0.0', '0', '0x0', '00', '0.0', '0.1.2.3'],
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::0:1]', '[0::1]', '[::0.0.0.1]'],
  ...['[::]', '[0:0:0:0:0:0:0:0]', '[::0.0.0.0]', 'six.example'],
  // IPv4 in IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo.
  ...[],
  ...['[::ffff:0.0.0.0]', '[::ffff:0:0]', '[::ffff:10.0.0.1]', '[::ffff:a9fe:a9fe]'],
  ...['[::ffff:169.254.169.254]', '[::ffff:168.63.129.16]', '[::ffff:c0a8:1]', '[::127.0.0.1]', '[::7f00:1]'],
  ...['[::10.0.0.1]', '[::ffff:0:127.0.0.1]', '[::ffff:0:7f00:1]', '[64:ff9b::7f00:1]', '[64:ff9b::169.254.169.254]'],
  ...[
    '[64:ff9b:1::1]',
    '[2002:7f00:1::]',
    '[2002:a9fe:a9fe::1]',
    '[2001::1]',
    '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  ],
  // Private networks.
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '012.0.0.1',
    '0xa000001',
    '167772161',
    '172.16.0.1',
    '172.31.255.255',
    '2886729729',
  ],
  ...['192.168.0.1', '192.168.255.255', '0xc0a80001', '192.168.1', '100.64.0.1', '100.127.255.254', '１０.０.０.１'],
  ...['[fc00::1]', '[fd12:3456::1]', '[FD00:EC2::254]', '[fdff:ffff::1]', '[fec0::1]', '[feff::1]', 'intranet.example'],
  // Link-local, the metadata of clouds, Azure's wire server.
  ...['169.254.169.254', '169.254.130.1', '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376', '169.254.43518'],
  ...[
    '0xa9.0xfe.0xa9.0xfe',
    '169.16689662',
    '１６９.２５４.１６９.２５４',
    '169.254.169.254.',
    '168.63.129.16',
    '0xA83F8110',
  ],
  ...['2822734096', '192.0.0.192', '[fe80::1]', '[fe80::1234:5678:9abc]', '[febf::1]', 'metadata.example'],
  ...['wire-server.example', 'link-local.example', 'nat64.example', 'six-to-four.example', 'teredo.example'],
  // Documentation, benchmarks, relays, multicast, reserved, broadcast, discard, unassigned.
  ...['192.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '192.88.99.1', '198.18.0.1', '198.19.255.255'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '4294967295', '0xffffffff', '037777777777'],
  ...['[ff02::1]', '[ff0e::1]', '[100::1]', '[2001:db8::1]', '[2001:10::1]', '[2001:1ff::1]', '[3fff::1]', '[4000::1]'],
  ...['[5f00::1]', '[1::1]'],
  // Several addresses, one of them forbidden.
  ...['public-first.example', 'public-last.example', 'public-and-ula.example'],
  // Other hosts in front of the real one, and what is no host.
  ...['public.example@127.0.0.1', 'public.example:443@127.0.0.1', 'ada:secret@10.0.0.1', '127.0.0.1@public.example'],
  ...[
    'public.example%40127.0.0.1',
    '[fe80::1%25eth0]',
    '[fe80::1%eth0]',
    '[::1',
    '::1',
    '256.256.256.256',
    '127.0.0.1.1',
  ],
  ...['0x7f.0.0.0.1', '4294967296', '[::ffff:127.0.0.256]', '127.0.0.1%00.public.example', 'public example', ''],
];

/** Addresses that no host alone shows: other schemes, plain http abroad, spaces, backslashes, missing parts. */
export const forbiddenUrls = [
  ...['file:///etc/hostname', 'file://127.0.0.1/etc/hostname', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1:70/_x'],
  ...['data:application/zip;base64,UEsFBg==', 'javascript:alert(1)', 'blob:https://127.0.0.1/x', 'ws://127.0.0.1/x'],
  ...['wss://127.0.0.1/x', 'dict://127.0.0.1:11211/stats', 'ldap://127.0.0.1/', 'unix:/var/run/docker.sock'],
  ...['http+unix://%2Fvar%2Frun%2Fdocker.sock/', 'about:blank', 'http://public.example/x', 'http://8.8.8.8/x'],
  ...['http://10.0.0.1/x', 'http://169.254.169.254/metadata/instance', 'http://[::1]/x', 'http://127.0.0.1/x'],
  ...[
    'http://localhost/x',
    ' https://127.0.0.1/x ',
    'ht\ntps://127.0.0.1/x',
    'https:127.0.0.1/x',
    'https:/127.0.0.1/x',
  ],
  ...['https:///127.0.0.1/x', 'https:\\\\127.0.0.1\\x', 'https://127.0.0.1\\@public.example/x', 'HTTPS://127.0.0.1/x'],
  ...['https://127.0.0.1#@public.example/', 'https://127.0.0.1?@public.example/', '//127.0.0.1/x', 'no address', ''],
  ...[
    'https://',
    'https://127.0.0.1:99999/x',
    'https://\t127.0.0.1/x',
    'https://10.0.0.1:443',
    'https://10.0.0.1:0443/',
  ],
];

/** What ARM may not pass off as a host. */
export const forbiddenHostTexts = [
  ...['public.example/x', 'public.example?x', 'public.example#x', 'public.example\\@127.0.0.1', '/127.0.0.1'],
  ...['//127.0.0.1', '127.0.0.1/', '127.0.0.1#', ':443', 'public.example:99999', '\\127.0.0.1', 'a:b@public.example'],
];
