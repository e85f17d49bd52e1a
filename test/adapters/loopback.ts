/** What a local Azure needs of WARMSWAP_ALLOWED_NETWORKS. */
export const LOOPBACK = ['127.0.0.0/8', '::1/128'];
