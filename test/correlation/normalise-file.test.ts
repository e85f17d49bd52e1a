import { expect, test } from 'vitest';
import { normaliseFile } from '../../shared/correlation/normalise-file.ts';

test.each([
  ['/home/site/wwwroot/src/Cart.js', 'cart.js'],
  ['C:\\home\\site\\wwwroot\\src\\cart.js', 'cart.js'],
  ['https://shop.example/assets/main.3f2a9c1b.js?v=3', 'main.js'],
  ['https://cdn.example/v12/main.js#x', 'main.js'],
  ['webpack:///./src/cart.ts', 'cart.ts'],
  ['app:///dist/cart.js', 'cart.js'],
  ['file:///D:/home/cart.mjs', 'cart.mjs'],
  ['main-3f2a9c1b.js', 'main.js'],
  ['index-DiwrgTda.js', 'index.js'],
  ['index-B_x1-z9k.js', 'index.js'],
  ['vendor.2fd4e1c67a2d28fced84.bundle.js', 'vendor.js'],
  ['412.3f2a9c1b.chunk.js', '<chunk>.chunk.js'],
  ['chunk-ABCDEF12.js', 'chunk.js'],
  ['2fd4e1c67a2d28fced849ee1bb76e7391b93eb12.js', '<hash>.js'],
  ['app-1.2.3.min.js', 'app.js'],
  ['app.min.js', 'app.js'],
  ['bundle.20260114.js', 'bundle.js'],
  ['date-picker.js', 'date-picker.js'],
  ['user-settings.js', 'user-settings.js'],
  ['user-Settings.js', 'user-settings.js'],
  ['my_component.tsx', 'my_component.tsx'],
  ['checkoutService.js', 'checkoutservice.js'],
  ['OrderController.cs', 'ordercontroller.cs'],
  ['configuration.js', 'configuration.js'],
  ['authentication-middleware.js', 'authentication-middleware.js'],
  ['http2server.js', 'http2server.js'],
  ['https://shop.example/', '<page>'],
  ['https://shop.example:8080', '<page>'],
  ['', ''],
])('%s → %s', (file, becomes) => {
  expect(normaliseFile(file)).toBe(becomes);
});
