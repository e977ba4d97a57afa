/** On every answer. */
export const onEveryAnswer: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
};

/**
 * On every static file, unless the storefront's own `_headers` file says otherwise. `wasm-unsafe-eval` lets the page
 * compile the engine and nothing else.
 */
export const onStaticFiles: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    // editors on the pages for those who write campaigns; pages that have none say so themselves
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
};
